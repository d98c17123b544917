import { ConfigurationError } from '../core/configuration-error';
import { nearest } from '../core/nearest';
import catalogue from './data/cpu-vm-sizes.json';

/** Facts of a VM size without GPUs. */
export interface CpuVmSizeFacts {
  /** ARM name, e.g. "Standard_D4ds_v5". */
  readonly name: string;
  readonly vcpus: number;
  readonly memoryGib: number;
  /** "amd64" or "arm64". @default "amd64" */
  readonly architecture?: string;
  /** Quota that its vCPUs count against, as `az vm list-usage` names it. */
  readonly quotaFamily: string;
  /** GiB of temporary disk, where an ephemeral OS disk can live. @default - none */
  readonly tempDiskGib?: number;
}

/** A VM size without GPUs, for system and CPU pools. */
export class CpuVmSize {
  /**
   * A common size by its ARM name; case does not matter.
   * @throws when the catalogue lacks it, with the nearest names
   */
  public static of(name: string): CpuVmSize {
    const row = catalogue.sizes.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase());
    if (row) return new CpuVmSize({ ...row, tempDiskGib: row.tempDiskGib ?? undefined });
    throw new ConfigurationError('CpuVmSize.of', {
      what: 'VM size is not known',
      got: JSON.stringify(name),
      allowed: `nearest: ${nearest(
        name,
        catalogue.sizes.map((candidate) => candidate.name),
      ).join(', ')}`,
      fix: 'correct the name, use GpuVmSize for sizes with GPUs, or state the facts with CpuVmSize.custom({ … })',
    });
  }

  /** A size that the catalogue lacks, on your word. */
  public static custom(facts: CpuVmSizeFacts): CpuVmSize {
    return new CpuVmSize(facts);
  }

  public readonly name: string;
  public readonly vcpus: number;
  public readonly memoryGib: number;
  /** "amd64" or "arm64". */
  public readonly architecture: string;
  /** Quota that its vCPUs count against, as `az vm list-usage` names it. */
  public readonly quotaFamily: string;
  /** GiB of temporary disk. */
  public readonly tempDiskGib?: number;

  private constructor(facts: CpuVmSizeFacts) {
    this.name = facts.name;
    this.vcpus = facts.vcpus;
    this.memoryGib = facts.memoryGib;
    this.architecture = facts.architecture ?? 'amd64';
    this.quotaFamily = facts.quotaFamily;
    this.tempDiskGib = facts.tempDiskGib;
  }
}
