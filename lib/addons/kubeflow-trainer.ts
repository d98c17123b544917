import type { Construct } from 'constructs';
import { type AddonProps, HelmAddon } from './helm-addon';
import { HelmChart } from './helm-chart';
import { PodSecurity } from './pod-security';

export interface KubeflowTrainerProps extends AddonProps {
  /** Brings JobSet along; turn it off beside the add-on `JobSet`. @default true */
  readonly jobSet?: boolean;
  /**
   * Installs the chart's training runtimes. A hook downloads kubectl from the internet for it: leave it off where nodes have no
   * way out, and define runtimes yourself.
   * @default false
   */
  readonly runtimes?: boolean;
}

/** Kubeflow Trainer: distributed training as TrainJobs. */
export class KubeflowTrainer extends HelmAddon {
  constructor(scope: Construct, id: string, props: KubeflowTrainerProps) {
    const jobSet = props.jobSet ?? true;
    super(scope, id, {
      ...props,
      addonName: 'kubeflow-trainer',
      namespace: props.namespace ?? 'kubeflow-system',
      podSecurity: PodSecurity.BASELINE,
      ...(jobSet ? { conflictsWith: { jobset: 'the chart brings JobSet itself; set jobSet: false' } } : {}),
      releases: [
        {
          id: 'Default',
          releaseName: 'kubeflow-trainer',
          chart: HelmChart.pinned('kubeflow-trainer', props.chartVersion),
          values: {
            manager: { replicas: props.platform.environment.profile.controllerReplicas },
            runtimes: { defaultEnabled: props.runtimes ?? false },
          },
          userValues: props.values,
          fixedValues: { jobset: { install: jobSet } },
        },
      ],
    });
  }
}
