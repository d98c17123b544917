import { ConfigurationError } from '../core/configuration-error';
import { MigProfile } from './mig-profile';
import { NodeLabel } from './node-label';

/** Which GPUs will do, beside the way they are shared. */
export interface GpuConstraints {
  /** Least memory of a whole device in GB. For a slice or MIG instance: of the device that it is cut from. @default - any */
  readonly minMemoryGb?: number;
  /** Models by a part of their name, e.g. ["A100", "H100"]; one of them must match. @default - any */
  readonly models?: string[];
  /** "nvidia" or "amd"; AMD's GPUs come whole only. @default "nvidia" */
  readonly vendor?: string;
  /** Names of pools, one of them. @default - any */
  readonly pools?: string[];
}

/** The GPUs that one pod asks for. */
export class GpuRequest {
  /**
   * Whole GPUs of one node.
   * @param count 1 or more
   * @throws when `count` is not a whole number from 1 on
   */
  public static whole(count: number, constraints: GpuConstraints = {}): GpuRequest {
    checkCount('GpuRequest.whole', count);
    return new GpuRequest('whole', constraints.vendor === 'amd' ? 'amd.com/gpu' : 'nvidia.com/gpu', count, constraints);
  }

  /**
   * A share of a GPU that is time-sliced or shared by MPS. One a pod: two shares give no more compute than one, and the device
   * plugin refuses them.
   * @throws when `count` is not 1
   */
  public static slice(count = 1, constraints: GpuConstraints = {}): GpuRequest {
    if (count !== 1) {
      throw new ConfigurationError('GpuRequest.slice', {
        what: 'a pod gets one slice',
        got: String(count),
        allowed: '1',
        fix: 'use GpuRequest.whole(1) for a GPU of its own, or more replicas of the pod',
      });
    }
    return new GpuRequest('slice', 'nvidia.com/gpu', 1, constraints);
  }

  /**
   * MIG instances of one profile.
   * @param count 1 or more
   * @throws when `count` is not a whole number from 1 on
   */
  public static mig(profile: MigProfile, count = 1, constraints: GpuConstraints = {}): GpuRequest {
    checkCount('GpuRequest.mig', count);
    return new GpuRequest('mig', profile.resourceName, count, constraints, profile);
  }

  private constructor(
    /** "whole", "slice" or "mig". */
    public readonly access: string,
    /** Extended resource for requests and limits of the container. */
    public readonly resourceName: string,
    public readonly count: number,
    public readonly constraints: GpuConstraints,
    public readonly migProfile?: MigProfile,
  ) {}

  /**
   * Labels that a node must have, for the pod's node selector. Needed because a slice and a whole GPU are the same extended
   * resource to Kubernetes.
   */
  public get nodeSelector(): { [label: string]: string } {
    const pool = this.constraints.pools?.length === 1 ? this.constraints.pools[0] : undefined;
    return { [NodeLabel.GPU_ACCESS]: this.access, ...(pool === undefined ? {} : { [NodeLabel.POOL]: pool }) };
  }

  /** In words, e.g. "2 whole GPUs" or "MIG 1g.10gb". */
  public toString(): string {
    const { minMemoryGb, models } = this.constraints;
    const which = [
      ...(models ? [models.join(' or ')] : []),
      ...(minMemoryGb === undefined ? [] : [`at least ${minMemoryGb} GB`]),
      ...(this.constraints.pools ? [`on pool ${this.constraints.pools.join(' or ')}`] : []),
    ];
    const suffix = which.length > 0 ? ` (${which.join(', ')})` : '';
    if (this.migProfile) return `${this.count > 1 ? `${this.count} × ` : ''}MIG ${this.migProfile.name}${suffix}`;
    if (this.access === 'slice') return `a GPU slice${suffix}`;
    return `${this.count} whole GPU${this.count > 1 ? 's' : ''}${suffix}`;
  }
}

function checkCount(path: string, count: number): void {
  if (Number.isInteger(count) && count >= 1) return;
  throw new ConfigurationError(path, {
    what: 'count is not valid',
    got: String(count),
    allowed: 'a whole number from 1 on',
    fix: path === 'GpuRequest.whole' ? 'use GpuRequest.slice() or GpuRequest.mig(…) for less than a GPU' : 'state at least 1',
  });
}
