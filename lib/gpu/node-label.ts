/**
 * Labels of our own on the nodes of every pool. Select on these: they stand in the pool's definition, so the autoscaler knows
 * them while the pool has no node, which it does not of the labels that NVIDIA's discovery puts on running nodes.
 */
export class NodeLabel {
  /** Name of the pool. */
  public static readonly POOL = 'ml-platform/pool';
  /** Model of the GPUs, e.g. "nvidia-a100-80gb-pcie". */
  public static readonly GPU_MODEL = 'ml-platform/gpu-model';
  /** What a pod gets when it asks for a GPU: "whole", "slice" or "mig". */
  public static readonly GPU_ACCESS = 'ml-platform/gpu-access';

  /** A GPU model as the value of a label. */
  public static modelValue(model: string): string {
    return model
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '')
      .slice(0, 63);
  }

  private constructor() {}
}

/** Taints that the pools carry. */
export class NodeTaint {
  /** On every GPU pool. NVIDIA's charts tolerate its key, so nothing else needs GPUs to be tolerated for them. */
  public static readonly GPU = 'nvidia.com/gpu=present:NoSchedule';
  /** On every spot pool; AKS sets it anyway, undeclared it would show as a change. */
  public static readonly SPOT = 'kubernetes.azure.com/scalesetpriority=spot:NoSchedule';
  /** On the system pool. */
  public static readonly SYSTEM = 'CriticalAddonsOnly=true:NoSchedule';

  private constructor() {}
}
