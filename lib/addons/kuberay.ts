import type { Construct } from 'constructs';
import { type AddonProps, HelmAddon } from './helm-addon';
import { HelmChart } from './helm-chart';
import { PodSecurity } from './pod-security';

export interface KubeRayProps extends AddonProps {
  /** A ServiceMonitor for its metrics; the CRD must be there. @default false */
  readonly serviceMonitor?: boolean;
}

/** KubeRay: Ray clusters, jobs and services. Its CRDs are not upgraded by Helm: apply new ones before a new major version. */
export class KubeRay extends HelmAddon {
  constructor(scope: Construct, id: string, props: KubeRayProps) {
    super(scope, id, {
      ...props,
      addonName: 'kuberay',
      namespace: props.namespace ?? 'kuberay-system',
      podSecurity: PodSecurity.RESTRICTED,
      releases: [
        {
          id: 'Default',
          releaseName: 'kuberay-operator',
          chart: HelmChart.pinned('kuberay-operator', props.chartVersion),
          values: {
            replicas: props.platform.environment.profile.controllerReplicas,
            leaderElectionEnabled: true,
            metrics: { enabled: true, serviceMonitor: { enabled: props.serviceMonitor ?? false } },
            // The chart's 512 MiB do not last beyond some dozen clusters.
            resources: { requests: { cpu: '100m', memory: '512Mi' }, limits: { cpu: '1', memory: '2Gi' } },
          },
          userValues: props.values,
          fixedValues: { batchScheduler: { enabled: false } }, // Kueue queues
        },
      ],
    });
  }
}
