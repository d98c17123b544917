import type { KubernetesInstanceType } from './kubernetes-compute';
import type { MlEnvironment } from './ml-environment';
import type { ComputeVmSize } from './vm-size';

/** When a container counts as alive or ready. */
export interface ProbeOptions {
  /** Seconds before the first probe. @default 10 */
  readonly initialDelaySeconds?: number;
  /** Seconds between probes. @default 10 */
  readonly periodSeconds?: number;
  /** Seconds until a probe counts as failed. @default 2 */
  readonly timeoutSeconds?: number;
  /** Failures in a row that count. @default 30 */
  readonly failureThreshold?: number;
}

/** How many machines serve, by their load. Without it their number is fixed. */
export interface DeploymentScaling {
  /** @default - as instances */
  readonly minInstances?: number;
  readonly maxInstances: number;
  /** Percent of CPU above which a machine is added. @default 70 */
  readonly targetUtilizationPercent?: number;
}

/** Requests and answers kept for monitoring. */
export interface DataCollectionOptions {
  /** Percent of requests that are kept, 1-100. @default 100 */
  readonly samplingPercent?: number;
  /** Collections that the scoring script writes. @default ["model_inputs", "model_outputs"] */
  readonly collections?: string[];
}

/** Code that answers requests, where the model does not say how by itself. */
export interface ScoringCode {
  /** ARM id of a code version. */
  readonly codeId: string;
  /** e.g. "score.py". */
  readonly scoringScript: string;
}

export interface OnlineDeploymentOptions {
  /** The model: ARM id of a version, or a URI such as `models.modelUri("fraud", "7")`. */
  readonly model: string;
  /** Machine. Wanted where Azure ML manages the machines. @default - none: serve on a cluster */
  readonly vmSize?: ComputeVmSize;
  /** Size of pods by name, on a cluster. @default - the default size of the compute */
  readonly instanceType?: string;
  /** Requests of a pod, on a cluster, where no size by name fits. @default - by instanceType */
  readonly resources?: KubernetesInstanceType;
  /** Machines or pods. @default - by profile: 1, in prod 2 */
  readonly instances?: number;
  /** @default - the number is fixed */
  readonly scaling?: DeploymentScaling;
  /** What it runs in; models of MLflow bring their own. @default - the model's own */
  readonly environment?: MlEnvironment;
  /** @default - none: the model says how it answers */
  readonly scoringCode?: ScoringCode;
  readonly environmentVariables?: { [key: string]: string };
  /** Seconds after which a request is given up, 1-180. @default 5 */
  readonly requestTimeoutSeconds?: number;
  /** Requests that one machine answers at a time. @default 1 */
  readonly maxConcurrentRequests?: number;
  readonly livenessProbe?: ProbeOptions;
  readonly readinessProbe?: ProbeOptions;
  /** @default - nothing is kept */
  readonly dataCollection?: DataCollectionOptions;
  /** Whether logs and metrics go to Application Insights. @default true */
  readonly applicationInsights?: boolean;
}
