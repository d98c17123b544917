import type { Construct } from 'constructs';
import { type AddonProps, HelmAddon } from './helm-addon';
import { HelmChart } from './helm-chart';
import { PodSecurity } from './pod-security';

export interface KedaProps extends AddonProps {
  /** Client id of the identity that reads the sources it scales by, e.g. queues and metrics of Azure. @default - none */
  readonly identityClientId?: string;
  /** ServiceMonitors for its own metrics; their CRD must be there. @default false */
  readonly serviceMonitor?: boolean;
}

/** KEDA: scales by events and metrics, down to zero. Either this or AKS's own (`managedKeda` of the cluster), never both. */
export class Keda extends HelmAddon {
  constructor(scope: Construct, id: string, props: KedaProps) {
    const { environment } = props.platform;
    const replicaCount = environment.profile.controllerReplicas;
    const metrics = { enabled: true, serviceMonitor: { enabled: props.serviceMonitor ?? false } };
    super(scope, id, {
      ...props,
      addonName: 'keda',
      namespace: props.namespace ?? 'keda',
      podSecurity: PodSecurity.RESTRICTED,
      releases: [
        {
          id: 'Default',
          releaseName: 'keda',
          chart: HelmChart.pinned('keda', props.chartVersion),
          values: {
            clusterName: props.platform.attributes.cluster.name,
            operator: { replicaCount },
            metricsServer: { replicaCount },
            webhooks: { replicaCount },
            prometheus: { operator: metrics, metricServer: metrics, webhooks: metrics },
            ...(props.identityClientId === undefined
              ? {}
              : {
                  podIdentity: {
                    azureWorkload: { enabled: true, clientId: props.identityClientId, tenantId: environment.tenantId },
                  },
                }),
          },
          userValues: props.values,
          // Without it, removing the release deletes every ScaledObject in the cluster.
          fixedValues: { crds: { install: true, additionalAnnotations: { 'helm.sh/resource-policy': 'keep' } } },
        },
      ],
    });
  }
}
