/** Operating system of the Linux nodes. One for all pools: the GPU operator takes one version a cluster. */
export enum NodeOs {
  UBUNTU = 'Ubuntu',
  UBUNTU_2204 = 'Ubuntu2204',
  /** The GPU operator installs no driver on it: GPU pools then need AKS's driver. */
  AZURE_LINUX = 'AzureLinux',
}
