import { CpuVmSize, GpuVmSize } from '../gpu';

/** A VM size for Azure ML, from the catalogues of sizes with and without GPUs. */
export class ComputeVmSize {
  /** A size with GPUs. */
  public static gpu(size: GpuVmSize): ComputeVmSize {
    return new ComputeVmSize(size.name, true, size.spot);
  }

  /** A size without GPUs. */
  public static cpu(size: CpuVmSize): ComputeVmSize {
    return new ComputeVmSize(size.name, false);
  }

  /**
   * A size by its name, e.g. "Standard_NC24ads_A100_v4".
   * @throws when neither catalogue has it
   */
  public static of(name: string): ComputeVmSize {
    const gpu = GpuVmSize.all().find((size) => size.name.toLowerCase() === name.toLowerCase());
    return gpu ? ComputeVmSize.gpu(gpu) : ComputeVmSize.cpu(CpuVmSize.of(name));
  }

  private constructor(
    public readonly name: string,
    public readonly hasGpu: boolean,
    /** Whether it is offered at low priority; undefined where that is not known. */
    public readonly lowPriority?: boolean,
  ) {}
}
