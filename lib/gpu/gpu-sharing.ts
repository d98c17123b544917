import { ConfigurationError } from '../core/configuration-error';
import type { GpuVmSize } from './gpu-vm-size';
import { MigProfile } from './mig-profile';

// Volta and later GPUs take 48 MPS clients; more slices than that make no sense for time slicing either.
const MOST_REPLICAS = 48;

/**
 * How the GPUs of a pool are shared between pods. One way a pool: time slicing and MPS exclude each other, and neither goes
 * together with MIG here.
 */
export class GpuSharing {
  /** A pod gets whole GPUs. */
  public static none(): GpuSharing {
    return new GpuSharing('none');
  }

  /**
   * Pods take turns on a GPU. No limit on memory and no isolation of faults between them: for notebooks, tests and small models.
   * @param replicas pods that share one GPU, 2-48
   * @throws when `replicas` is out of range
   */
  public static timeSlicing(replicas: number): GpuSharing {
    checkReplicas('GpuSharing.timeSlicing', replicas);
    return new GpuSharing('time-slicing', replicas);
  }

  /**
   * Pods run at the same time through NVIDIA's Multi-Process Service; each gets an equal part of the memory. NVIDIA calls it
   * experimental in its device plugin.
   * @param replicas pods that share one GPU, 2-48
   * @throws when `replicas` is out of range
   */
  public static mps(replicas: number): GpuSharing {
    checkReplicas('GpuSharing.mps', replicas);
    return new GpuSharing('mps', replicas);
  }

  /**
   * Every GPU of the pool is cut into instances with memory and compute of their own.
   * @param layout instances on one GPU by profile, e.g. `{ '1g.10gb': 7 }` or `{ '3g.40gb': 1, '1g.10gb': 4 }`
   * @throws when a profile is not one, or a count is not a whole number from 1 on
   */
  public static mig(layout: { [profile: string]: number }): GpuSharing {
    for (const [profile, count] of Object.entries(layout)) {
      MigProfile.of(profile);
      if (Number.isInteger(count) && count >= 1) continue;
      throw new ConfigurationError('GpuSharing.mig', {
        what: `count of ${profile} is not valid`,
        got: String(count),
        allowed: 'a whole number from 1 on',
        fix: 'state how many instances one GPU is cut into',
      });
    }
    if (Object.keys(layout).length === 0) {
      throw new ConfigurationError('GpuSharing.mig', {
        what: 'layout has no instance',
        got: '{}',
        allowed: 'at least one profile with its count',
        fix: "e.g. GpuSharing.mig({ '1g.10gb': 7 }), or GpuSharing.none() for whole GPUs",
      });
    }
    return new GpuSharing('mig', undefined, layout);
  }

  private constructor(
    /** "none", "time-slicing", "mps" or "mig". */
    public readonly kind: string,
    /** Pods that share one GPU, for time slicing and MPS. */
    public readonly replicas?: number,
    /** Instances on one GPU by profile, for MIG. */
    public readonly migLayout?: { [profile: string]: number },
  ) {}

  /** What a pod gets when it asks for a GPU: "whole", "slice" or "mig". Value of `NodeLabel.GPU_ACCESS`. */
  public get access(): string {
    if (this.kind === 'none') return 'whole';
    return this.kind === 'mig' ? 'mig' : 'slice';
  }

  /** What one node of a size offers to the scheduler, by extended resource name. */
  public resourcesOn(size: GpuVmSize): { [name: string]: number } {
    const gpus = size.gpuCount ?? 0;
    if (!this.migLayout) return { [size.gpuResourceName]: gpus * (this.replicas ?? 1) };
    return Object.fromEntries(
      Object.entries(this.migLayout).map(([profile, count]) => [MigProfile.of(profile).resourceName, gpus * count]),
    );
  }
}

function checkReplicas(path: string, replicas: number): void {
  if (Number.isInteger(replicas) && replicas >= 2 && replicas <= MOST_REPLICAS) return;
  throw new ConfigurationError(path, {
    what: 'replicas is not valid',
    got: String(replicas),
    allowed: `a whole number, 2-${MOST_REPLICAS}`,
    fix: 'state how many pods share one GPU, e.g. 4; GpuSharing.none() gives whole GPUs',
  });
}
