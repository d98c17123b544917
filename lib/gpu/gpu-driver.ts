/** Who installs the NVIDIA driver on the nodes of a pool. AKS's driver and the operator's exclude each other on a node. */
export enum GpuDriver {
  /** AKS, with the node image. The only way for A10 (vGPU) sizes. */
  AKS = 'aks',
  /** The NVIDIA GPU operator, which also installs the container toolkit. Needed for mixed MIG layouts. */
  OPERATOR = 'operator',
  /** Neither: you bring the driver and the device plugin, e.g. the AMD GPU operator. */
  NONE = 'none',
}
