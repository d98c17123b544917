import { ConfigurationError } from '../core/configuration-error';

/** A slice of a GPU under its NVIDIA name: share of compute (of 7), then memory in GB. */
export class MigProfile {
  /**
   * A profile by its name, e.g. "1g.10gb". `+me` marks the one slice of a GPU that has the media engines.
   * @throws when it is not the name of a profile
   */
  public static of(name: string): MigProfile {
    const match = /^([12347])g\.(\d+)gb(\+me)?$/.exec(name);
    if (!match) {
      throw new ConfigurationError('MigProfile.of', {
        what: 'not a MIG profile',
        got: JSON.stringify(name),
        allowed: '<1, 2, 3, 4 or 7>g.<memory>gb, optionally +me',
        fix: 'take one of GpuVmSize.of("…").migProfiles, e.g. "1g.10gb"',
      });
    }
    return new MigProfile(name, Number(match[1]), Number(match[2]), match[3] !== undefined);
  }

  private constructor(
    public readonly name: string,
    /** Sevenths of the GPU's compute. */
    public readonly computeSlices: number,
    /** GB, as the name says it. */
    public readonly memoryGb: number,
    /** Whether the slice has the media engines. */
    public readonly mediaEngines: boolean,
  ) {}

  /** Extended resource that a pod asks for, e.g. "nvidia.com/mig-1g.10gb". */
  public get resourceName(): string {
    return `nvidia.com/mig-${this.name.replace('+', '.')}`;
  }
}
