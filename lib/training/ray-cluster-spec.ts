import type { Construct } from 'constructs';
import { CapacityPlanner } from '../cluster/capacity-planner';
import { ConfigurationError } from '../core/configuration-error';
import { type JobPod, jobPod, podLabels, podSpec } from './job-pod';
import type { RayOptions } from './ray-options';

/** A Ray cluster, with what the objects around it need. */
export interface RayParts {
  readonly pod: JobPod;
  readonly spec: { [key: string]: unknown };
}

/** The spec of a Ray cluster; registers what it asks for. @param waits whether it is a job that may wait */
export function rayClusterSpec(scope: Construct, options: RayOptions, name: string, waits: boolean): RayParts {
  const { path } = scope.node;
  const { minWorkers = 1, maxWorkers = minWorkers, headCpu = 2, headMemoryGib = 8, rayVersion } = options;
  if (
    !(Number.isInteger(minWorkers) && Number.isInteger(maxWorkers) && minWorkers >= 0 && maxWorkers >= Math.max(1, minWorkers))
  ) {
    throw new ConfigurationError(path, {
      what: 'workers do not fit together',
      got: `minWorkers ${minWorkers}, maxWorkers ${maxWorkers}`,
      allowed: 'whole numbers, minWorkers not above maxWorkers, at least one worker',
      fix: 'e.g. minWorkers: 1, maxWorkers: 4',
    });
  }
  if (!/^\d+\.\d+\.\d+$/.test(rayVersion)) {
    throw new ConfigurationError(path, {
      what: 'rayVersion is not valid',
      got: JSON.stringify(rayVersion),
      allowed: 'the version of Ray in the image, three numbers',
      fix: 'e.g. "2.52.0"',
    });
  }
  const pod = jobPod(path, options, name);
  const image = options.image.reference;
  const labels = { labels: podLabels(pod) };
  const head: JobPod = {
    ...pod,
    nodeSelector: undefined,
    tolerations: [],
    memoryGib: headMemoryGib,
    resources: { cpu: String(headCpu), memory: `${headMemoryGib}Gi` },
  };
  const register = CapacityPlanner.of(scope, options.platform);
  const each = { tenant: pod.tenant.name, waits };
  register.register({ ...each, name: `${path} (head)`, replicas: 1, cpu: headCpu, memoryGib: headMemoryGib });
  register.register({
    ...each,
    name: path,
    replicas: minWorkers,
    maxReplicas: maxWorkers,
    cpu: pod.cpu,
    memoryGib: pod.memoryGib,
    gpu: options.gpu,
    spot: options.interruptible,
  });
  return {
    pod,
    spec: {
      rayVersion,
      enableInTreeAutoscaling: maxWorkers > minWorkers,
      headGroupSpec: {
        // No work on the head: a job that takes its memory takes the cluster with it.
        rayStartParams: { 'num-cpus': '0', 'dashboard-host': '0.0.0.0' },
        template: { metadata: labels, spec: podSpec(head, { name: 'ray-head', image }) },
      },
      workerGroupSpecs: [
        {
          groupName: 'workers',
          replicas: minWorkers,
          minReplicas: minWorkers,
          maxReplicas: maxWorkers,
          rayStartParams: options.gpu ? { 'num-gpus': String(options.gpu.count) } : {},
          template: {
            metadata: labels,
            spec: podSpec(pod, { name: 'ray-worker', image }, options.interruptible ? { terminationGracePeriodSeconds: 25 } : {}),
          },
        },
      ],
    },
  };
}
