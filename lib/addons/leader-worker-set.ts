import type { Construct } from 'constructs';
import { type AddonProps, HelmAddon } from './helm-addon';
import { HelmChart } from './helm-chart';
import { PodSecurity } from './pod-security';

/** LeaderWorkerSet: groups of pods over several nodes, for models too large for one. */
export class LeaderWorkerSet extends HelmAddon {
  constructor(scope: Construct, id: string, props: AddonProps) {
    super(scope, id, {
      ...props,
      addonName: 'lws',
      namespace: props.namespace ?? 'lws-system',
      podSecurity: PodSecurity.RESTRICTED,
      releases: [
        {
          id: 'Default',
          releaseName: 'lws',
          chart: HelmChart.pinned('lws', props.chartVersion),
          values: { replicaCount: props.platform.environment.profile.controllerReplicas },
          userValues: props.values,
        },
      ],
    });
  }
}
