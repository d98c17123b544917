import type { TerraformStack } from 'cdktf';
import { MlCluster } from '../../lib/cluster';
import { type ContractNodePool, type IMlPlatform, PlatformContract, type PlatformContractAttributes } from '../../lib/contract';
import { skipTokenStackTraces } from '../../lib/core/framework-internals';
import { CpuVmSize, type GpuDriver, GpuSharing, GpuVmSize } from '../../lib/gpu';
import { Subnet } from '../../lib/network';
import { contractAttributes } from '../helpers/contract';
import { testStack } from '../helpers/synth';

// As in a real app: recording where each token was made takes most of the time.
skipTokenStackTraces();

/** Pools as a real cluster promises them: a system pool, CPU nodes, MIG A100 and time-sliced spot T4. */
export function testPools(driver?: GpuDriver): ContractNodePool[] {
  const made = POOLS.get(driver) ?? makePools(driver);
  POOLS.set(driver, made);
  return [...made];
}

const POOLS = new Map<GpuDriver | undefined, ContractNodePool[]>();

function makePools(driver: GpuDriver | undefined): ContractNodePool[] {
  const stack = testStack({}, 'Pools');
  const cluster = MlCluster.fromMlClusterAttributes(stack, 'Cluster', {
    armId: '/subscriptions/s/resourceGroups/r/providers/Microsoft.ContainerService/managedClusters/aks',
    nodeSubnet: Subnet.fromId(stack, 'Nodes', '/subscriptions/s/subnets/nodes'),
  });
  cluster.addCpuPool('cpu', { vmSize: CpuVmSize.of('Standard_D8ds_v5'), minCount: 1, maxCount: 3 });
  cluster.addGpuPool('a100', {
    vmSize: GpuVmSize.of('Standard_NC24ads_A100_v4'),
    minCount: 1,
    maxCount: 2,
    driver,
    sharing: GpuSharing.mig({ '1g.10gb': 7 }),
  });
  cluster.addGpuPool('t4', {
    vmSize: GpuVmSize.of('Standard_NC16as_T4_v3'),
    maxCount: 4,
    driver,
    spot: true,
    sharing: GpuSharing.timeSlicing(4),
  });
  return cluster.nodePools;
}

const SERVING = {
  deploymentMode: 'Standard',
  namespace: 'kserve',
  gateway: {
    namespace: 'gateways',
    name: 'models',
    domain: 'ml.contoso.example',
    proxyNamespace: 'envoy-gateway-system',
    audiences: ['api://contoso-ml'],
  },
};

/** A platform with these pools, seen through its contract. */
export function testPlatform(
  stack: TerraformStack,
  nodePools: ContractNodePool[] = testPools(),
  overrides: Partial<PlatformContractAttributes> = {},
): IMlPlatform {
  return PlatformContract.fromAttributes(stack, 'Platform', contractAttributes({ nodePools, serving: SERVING, ...overrides }));
}
