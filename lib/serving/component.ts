import type { ContractTenant } from '../contract';
import { HARDENED_CONTAINER, HARDENED_POD } from '../tenancy/pod-hardening';
import type { ServiceComponent } from './service-component';

export interface ComponentContext {
  readonly tenant: ContractTenant;
  readonly labels: { readonly [key: string]: string };
}

/** The component as KServe reads it. */
export function componentOf(component: ServiceComponent, { tenant, labels }: ComponentContext): { [key: string]: unknown } {
  const { image, args, env, replicas = 1, cpu = 0.5, memoryGib = 1 } = component;
  const size = { cpu: String(cpu), memory: `${memoryGib}Gi` };
  return {
    serviceAccountName: tenant.serviceAccount,
    labels: { ...labels, 'azure.workload.identity/use': 'true' },
    minReplicas: replicas,
    maxReplicas: replicas,
    securityContext: HARDENED_POD,
    containers: [
      {
        name: 'kserve-container',
        image: image.reference,
        ...(args ? { args } : {}),
        ...(env ? { env: Object.entries(env).map(([name, value]) => ({ name, value })) } : {}),
        ports: [{ containerPort: 8080, protocol: 'TCP' }],
        resources: { requests: size, limits: size },
        securityContext: HARDENED_CONTAINER,
        readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 10 },
      },
    ],
  };
}
