import { TerraformStack, Testing } from 'cdktf';
import { PlatformContract, type PlatformContractAttributes } from '../../lib/contract';
import { ContainerImage } from '../../lib/tenancy';
import { contractPool, fullContract } from '../helpers/contract';

export const IMAGE = ContainerImage.of(`crcontoso.azurecr.io/risk/train@sha256:${'1f2e3d4c'.repeat(8)}`);

/** Whole H100, beside what the contract of the tests has anyway. */
export const H100_POOL = contractPool({
  name: 'h100',
  vmSize: 'Standard_NC40ads_H100_v5',
  vcpus: 40,
  memoryGib: 320,
  minCount: 0,
  maxCount: 4,
  labels: { 'ml-platform/pool': 'h100', 'ml-platform/gpu-access': 'whole' },
  taints: ['nvidia.com/gpu=present:NoSchedule'],
  gpu: {
    model: 'NVIDIA H100 NVL 94GB',
    vendor: 'nvidia',
    count: 1,
    memoryGb: 94,
    driver: 'operator',
    sharing: 'none',
    resources: { 'nvidia.com/gpu': 1 },
  },
});

/** A contract with whole GPUs and two tenants. */
export function trainingContract(overrides: Partial<PlatformContractAttributes> = {}): PlatformContractAttributes {
  const base = fullContract();
  const [risk] = base.tenants;
  if (!risk) throw new Error('the contract of the tests has a tenant');
  const quota = { cpu: 64, memoryGib: 512, gpus: { 'nvidia.com/gpu': 3, 'nvidia.com/mig-3g.40gb': 1 } };
  return {
    ...base,
    nodePools: [...base.nodePools, H100_POOL],
    tenants: [
      { ...risk, quota },
      { ...risk, name: 'search', namespace: 'search', container: 'tenant-search', quota },
    ],
    storage: { ...base.storage, containers: [...base.storage.containers, 'tenant-search'] },
    ...overrides,
  };
}

export function trainingStack(overrides: Partial<PlatformContractAttributes> = {}) {
  const stack = new TerraformStack(Testing.app(), 'risk-prod');
  const platform = PlatformContract.fromAttributes(stack, 'Platform', trainingContract(overrides));
  return { stack, platform };
}
