import type { Construct } from 'constructs';
import { type AddonProps, HelmAddon } from './helm-addon';
import { HelmChart } from './helm-chart';
import { PodSecurity } from './pod-security';

/** JobSet: jobs of several kinds of pods that start and stop as one. Kubeflow Trainer brings it along unless told not to. */
export class JobSet extends HelmAddon {
  constructor(scope: Construct, id: string, props: AddonProps) {
    const replicas = props.platform.environment.profile.controllerReplicas;
    super(scope, id, {
      ...props,
      addonName: 'jobset',
      namespace: props.namespace ?? 'jobset-system',
      podSecurity: PodSecurity.RESTRICTED,
      releases: [
        {
          id: 'Default',
          releaseName: 'jobset',
          chart: HelmChart.pinned('jobset', props.chartVersion),
          values: { controller: { replicas, leaderElection: { enable: true }, podDisruptionBudget: { enabled: replicas > 1 } } },
          userValues: props.values,
        },
      ],
    });
  }
}
