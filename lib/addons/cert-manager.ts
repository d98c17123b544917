import type { Construct } from 'constructs';
import { type AddonProps, HelmAddon } from './helm-addon';
import { HelmChart } from './helm-chart';
import { PodSecurity } from './pod-security';

export interface CertManagerProps extends AddonProps {
  /** Reads certificates' wishes from Gateways too; needs the Gateway API's CRDs first. @default false */
  readonly gatewayApi?: boolean;
  /** Client id of the identity that writes DNS records for ACME (DNS-01). @default - none */
  readonly dnsIdentityClientId?: string;
}

/** cert-manager: certificates for webhooks and gateways. */
export class CertManager extends HelmAddon {
  constructor(scope: Construct, id: string, props: CertManagerProps) {
    const replicas = props.platform.environment.profile.controllerReplicas;
    const podDisruptionBudget = { enabled: replicas > 1 };
    const identity = props.dnsIdentityClientId;
    super(scope, id, {
      ...props,
      addonName: 'cert-manager',
      namespace: props.namespace ?? 'cert-manager',
      podSecurity: PodSecurity.RESTRICTED,
      releases: [
        {
          id: 'Default',
          releaseName: 'cert-manager',
          chart: HelmChart.pinned('cert-manager', props.chartVersion),
          values: {
            replicaCount: replicas,
            podDisruptionBudget,
            webhook: { replicaCount: replicas > 1 ? 3 : 1, podDisruptionBudget },
            cainjector: { replicaCount: replicas, podDisruptionBudget },
            ...(props.gatewayApi
              ? {
                  config: {
                    apiVersion: 'controller.config.cert-manager.io/v1alpha1',
                    kind: 'ControllerConfiguration',
                    gatewayAPI: { enabled: true },
                  },
                }
              : {}),
            ...(identity === undefined
              ? {}
              : {
                  podLabels: { 'azure.workload.identity/use': 'true' },
                  serviceAccount: { annotations: { 'azure.workload.identity/client-id': identity } },
                }),
          },
          userValues: props.values,
          // Without keep, removing the release deletes every certificate in the cluster.
          fixedValues: { crds: { enabled: true, keep: true } },
        },
      ],
    });
  }
}
