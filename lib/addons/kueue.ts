import type { Construct } from 'constructs';
import { type AddonProps, HelmAddon } from './helm-addon';
import { HelmChart } from './helm-chart';
import { PodSecurity } from './pod-security';

/** Jobs that Kueue queues by default. Pods, Deployments and StatefulSets are left out: every service would wait for admission. */
const FRAMEWORKS = [
  'batch/job',
  'jobset.x-k8s.io/jobset',
  'leaderworkerset.x-k8s.io/leaderworkerset',
  'ray.io/raycluster',
  'ray.io/rayjob',
  'ray.io/rayservice',
  'trainer.kubeflow.org/trainjob',
];

export interface KueueProps extends AddonProps {
  /** Kinds that it queues, e.g. "batch/job". @default - jobs, JobSets, LeaderWorkerSets, Ray and TrainJobs */
  readonly frameworks?: string[];
  /** Shares unused quota between queues by weight instead of first come, first served. @default true */
  readonly fairSharing?: boolean;
  /** Metrics for Prometheus; the CRD ServiceMonitor must be there. @default false */
  readonly prometheus?: boolean;
}

/** Kueue: queues jobs until quota and nodes are there. */
export class Kueue extends HelmAddon {
  constructor(scope: Construct, id: string, props: KueueProps) {
    const replicas = props.platform.environment.profile.controllerReplicas;
    super(scope, id, {
      ...props,
      addonName: 'kueue',
      namespace: props.namespace ?? 'kueue-system',
      podSecurity: PodSecurity.RESTRICTED,
      releases: [
        {
          id: 'Default',
          releaseName: 'kueue',
          chart: HelmChart.pinned('kueue', props.chartVersion),
          values: {
            enablePrometheus: props.prometheus ?? false,
            controllerManager: {
              replicas,
              podDisruptionBudget: { enabled: replicas > 1 },
              // The chart's 512 MiB are too little for clusters with many pods.
              manager: { resources: { requests: { cpu: '500m', memory: '1Gi' }, limits: { cpu: '2', memory: '2Gi' } } },
            },
            managerConfig: { controllerManagerConfigYaml: JSON.stringify(configuration(props), null, 2) },
          },
          userValues: props.values,
          fixedValues: { enableCertManager: true },
          // No webhook probe: that is a Job, and Jobs are what Kueue refuses while it starts. It stands last in the stack anyway.
        },
      ],
    });
  }
}

/** One text in the chart: an override replaces all of it, so the chart's own settings stand here too. */
function configuration(props: KueueProps): object {
  return {
    apiVersion: 'config.kueue.x-k8s.io/v1beta2',
    kind: 'Configuration',
    health: { healthProbeBindAddress: ':8081' },
    metrics: { bindAddress: ':8443' },
    webhook: { port: 9443 },
    leaderElection: { leaderElect: true, resourceName: 'c1f6bfd2.kueue.x-k8s.io' },
    controller: {
      groupKindConcurrency: {
        'Job.batch': 5,
        Pod: 5,
        'Workload.kueue.x-k8s.io': 10,
        'LocalQueue.kueue.x-k8s.io': 5,
        'ClusterQueue.kueue.x-k8s.io': 5,
        'ResourceFlavor.kueue.x-k8s.io': 1,
      },
    },
    clientConnection: { qps: 300, burst: 500 },
    internalCertManagement: { enable: false }, // cert-manager does it
    managedJobsNamespaceSelector: {
      matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['kube-system', 'kueue-system'] }],
    },
    integrations: { frameworks: props.frameworks ?? FRAMEWORKS },
    ...((props.fairSharing ?? true)
      ? { fairSharing: { preemptionStrategies: ['LessThanOrEqualToFinalShare', 'LessThanInitialShare'] } }
      : {}),
  };
}
