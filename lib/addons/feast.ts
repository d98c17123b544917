import type { Construct } from 'constructs';
import { type AddonProps, HelmAddon } from './helm-addon';
import { HelmChart } from './helm-chart';
import { PodSecurity } from './pod-security';

export interface FeastServerProps extends AddonProps {
  /** feature_store.yaml as data. No secrets: it is readable in the cluster and in the plan. */
  readonly featureStore: { [key: string]: unknown };
  /** @default - by the profile: dev 1, staging and prod 2 */
  readonly replicas?: number;
}

/** Feast's feature server: features by HTTP for models that serve online. */
export class FeastServer extends HelmAddon {
  constructor(scope: Construct, id: string, props: FeastServerProps) {
    super(scope, id, {
      ...props,
      addonName: 'feast',
      namespace: props.namespace ?? 'feast',
      podSecurity: PodSecurity.BASELINE,
      releases: [
        {
          id: 'Default',
          releaseName: 'feast-feature-server',
          chart: HelmChart.pinned('feast-feature-server', props.chartVersion),
          values: { replicaCount: props.replicas ?? props.platform.environment.profile.controllerReplicas },
          userValues: props.values,
          // JSON is YAML.
          fixedValues: { feature_store_yaml_base64: Buffer.from(JSON.stringify(props.featureStore)).toString('base64') },
        },
      ],
    });
  }
}
