import { describe, expect, test } from 'vitest';
import { type CpuPoolOptions, type GpuPoolOptions, type IMlCluster, MlCluster, NodeOs } from '../../lib/cluster';
import { Stage } from '../../lib/core';
import { CpuVmSize, GpuDriver, GpuSharing, GpuVmSize } from '../../lib/gpu';
import { Subnet } from '../../lib/network';
import { synthesized, testStack } from '../helpers/synth';

const A100 = GpuVmSize.of('Standard_NC24ads_A100_v4');
const T4 = GpuVmSize.of('Standard_NC16as_T4_v3');

function testCluster(stage = Stage.PROD): { cluster: IMlCluster; json: (id: string) => Record<string, unknown> } {
  const stack = testStack({ stage });
  const cluster = MlCluster.fromMlClusterAttributes(stack, 'C', {
    armId: '/subscriptions/s/resourceGroups/r/providers/Microsoft.ContainerService/managedClusters/aks',
    nodeSubnet: Subnet.fromId(stack, 'Nodes', '/subnets/nodes'),
    nodeOs: NodeOs.UBUNTU,
  });
  const json = (id: string) => {
    const child = cluster.node.findChild(id);
    const address = stack.getLogicalId(child.node.defaultChild as never);
    return synthesized(stack, `azurerm_kubernetes_cluster_node_pool.${address}`);
  };
  return { cluster, json };
}

function gpuPool(options: Partial<GpuPoolOptions> = {}, id = 'a100') {
  const { cluster, json } = testCluster();
  const made = cluster.addGpuPool(id, { vmSize: A100, maxCount: 2, ...options });
  return { made, cluster, json: json(id) };
}

function cpuPool(options: Partial<CpuPoolOptions> = {}, stage = Stage.PROD) {
  const { cluster, json } = testCluster(stage);
  const made = cluster.addCpuPool('cpu', { maxCount: 4, ...options });
  return { made, json: json('cpu') };
}

describe('GpuNodePool', () => {
  test('scales from zero, tainted and labelled for those who ask for GPUs', () => {
    const { json, made } = gpuPool();
    expect(json).toMatchObject({
      name: 'a100',
      vm_size: 'Standard_NC24ads_A100_v4',
      mode: 'User',
      os_sku: 'Ubuntu',
      auto_scaling_enabled: true,
      min_count: 0,
      max_count: 2,
      node_taints: ['nvidia.com/gpu=present:NoSchedule'],
      node_labels: {
        'ml-platform/pool': 'a100',
        'ml-platform/gpu-access': 'whole',
        'ml-platform/gpu-model': 'nvidia-a100-80gb-pcie',
      },
      gpu_driver: 'None',
      vnet_subnet_id: '/subnets/nodes',
      node_public_ip_enabled: false,
      host_encryption_enabled: true,
      temporary_name_for_rotation: 'a100tmp',
      priority: 'Regular',
    });
    expect(json).not.toHaveProperty('zones');
    expect(made.armId).toMatch(/managedClusters\/aks\/agentPools\/a100$/);
  });

  test('promises in the contract what a node offers', () => {
    const { made } = gpuPool({ sharing: GpuSharing.mig({ '3g.40gb': 1, '1g.10gb': 3 }), zones: ['1'], minCount: 1 });
    expect(made.pool).toMatchObject({
      name: 'a100',
      mode: 'User',
      vcpus: 24,
      memoryGib: 220,
      architecture: 'amd64',
      minCount: 1,
      maxCount: 2,
      spot: false,
      zones: ['1'],
      gpu: {
        model: 'NVIDIA A100 80GB PCIe',
        vendor: 'nvidia',
        count: 1,
        memoryGb: 80,
        driver: 'operator',
        sharing: 'mig',
        migLayout: { '3g.40gb': 1, '1g.10gb': 3 },
        resources: { 'nvidia.com/mig-3g.40gb': 1, 'nvidia.com/mig-1g.10gb': 3 },
      },
    });
  });

  test("is cut by the operator's MIG manager through a label", () => {
    const { json } = gpuPool({ sharing: GpuSharing.mig({ '3g.40gb': 1, '1g.10gb': 3 }), minCount: 1 });
    expect(json).toMatchObject({
      node_labels: { 'nvidia.com/mig.config': 'mig-3x1g.10gb-1x3g.40gb', 'ml-platform/gpu-access': 'mig' },
    });
    expect(json).not.toHaveProperty('gpu_instance');
    expect(json.tags).toMatchObject({ 'k8s.io_cluster-autoscaler_node-template_resources_nvidia.com_mig-1g.10gb': '3' });
  });

  test('is cut by AKS where AKS installs the driver', () => {
    const { json } = gpuPool({ sharing: GpuSharing.mig({ '1g.10gb': 7 }), driver: GpuDriver.AKS, minCount: 1 });
    expect(json).toMatchObject({ gpu_driver: 'Install', gpu_instance: 'MIG1g' });
    expect(json.node_labels).not.toHaveProperty('nvidia.com/mig.config');
  });

  test('warns that MIG resources may not come from zero', () => {
    const { made } = gpuPool({ sharing: GpuSharing.mig({ '1g.10gb': 7 }) });
    expect(made.node.metadata.map(({ data }) => String(data)).join()).toMatch(/set minCount: 1/);
    expect(gpuPool({ sharing: GpuSharing.mig({ '1g.10gb': 7 }), minCount: 1 }).made.node.metadata).toEqual([]);
  });

  test('declares the label and taint of spot and states no upgrade settings there', () => {
    const { json } = gpuPool({ vmSize: T4, spot: true, sharing: GpuSharing.timeSlicing(4) }, 't4');
    expect(json).toMatchObject({
      priority: 'Spot',
      eviction_policy: 'Delete',
      spot_max_price: -1,
      node_taints: ['nvidia.com/gpu=present:NoSchedule', 'kubernetes.azure.com/scalesetpriority=spot:NoSchedule'],
      node_labels: {
        'kubernetes.azure.com/scalesetpriority': 'spot',
        'nvidia.com/device-plugin.config': 'time-slicing-4',
        'ml-platform/gpu-access': 'slice',
      },
    });
    expect(json).not.toHaveProperty('upgrade_settings');
  });

  test('upgrades in place: a surge node would need GPUs that nobody has', () => {
    expect(gpuPool().json.upgrade_settings).toEqual({
      max_unavailable: '1',
      drain_timeout_in_minutes: 60,
      node_soak_duration_in_minutes: 0,
    });
  });

  test('takes the driver that the size needs', () => {
    expect(gpuPool({ vmSize: GpuVmSize.of('Standard_NV36ads_A10_v5') }).json).toMatchObject({ gpu_driver: 'Install' });
    const amd = gpuPool({ vmSize: GpuVmSize.of('Standard_ND96isr_MI300X_v5') });
    expect(amd.json).toMatchObject({ gpu_driver: 'None', node_labels: { 'nvidia.com/gpu.deploy.operands': 'false' } });
    expect(amd.made.pool.gpu).toMatchObject({ driver: 'none', resources: { 'amd.com/gpu': 8 } });
  });

  test('keeps the operator off where another plugin serves the nodes', () => {
    const { json } = gpuPool({ driver: GpuDriver.AKS, operatorManaged: false });
    expect(json).toMatchObject({ node_labels: { 'nvidia.com/gpu.deploy.operands': 'false' } });
  });

  test('runs on arm64 where the size does', () => {
    expect(gpuPool({ vmSize: GpuVmSize.of('Standard_ND128isr_NDR_GB200_v6') }).made.pool.architecture).toBe('arm64');
  });

  test('keeps nodes near each other, or reserves them', () => {
    const vmSize = GpuVmSize.of('Standard_ND96isr_H100_v5');
    const { json } = gpuPool({ vmSize, proximityPlacementGroupId: '/ppg', capacityReservationGroupId: '/crg' });
    expect(json).toMatchObject({ proximity_placement_group_id: '/ppg', capacity_reservation_group_id: '/crg' });
  });

  test('puts the OS disk on the node where it fits', () => {
    expect(gpuPool().json).toMatchObject({ os_disk_type: 'Ephemeral', os_disk_size_gb: 128 });
    expect(gpuPool({ osDiskSizeGib: 512 }).json).toMatchObject({ os_disk_type: 'Managed', os_disk_size_gb: 512 });
    expect(gpuPool({ ephemeralOsDisk: false }).json).toMatchObject({ os_disk_type: 'Managed' });
  });

  test('takes labels, taints, a subnet and a name of your own', () => {
    const stack = testStack();
    const cluster = MlCluster.fromMlClusterAttributes(stack, 'C', {
      armId: '/x/aks',
      nodeSubnet: Subnet.fromId(stack, 'N', '/subnets/nodes'),
    });
    const subnet = Subnet.fromId(stack, 'G', '/subnets/gpu');
    cluster.addGpuPool('Big', {
      vmSize: A100,
      maxCount: 1,
      name: 'a100risk',
      labels: { team: 'risk' },
      taints: ['team=risk:NoSchedule'],
      subnet,
    });
    const address = stack.getLogicalId(cluster.node.findChild('Big').node.defaultChild as never);
    expect(synthesized(stack, `azurerm_kubernetes_cluster_node_pool.${address}`)).toMatchObject({
      name: 'a100risk',
      vnet_subnet_id: '/subnets/gpu',
      node_labels: { team: 'risk' },
      node_taints: ['nvidia.com/gpu=present:NoSchedule', 'team=risk:NoSchedule'],
    });
  });

  test.each<[string, Partial<GpuPoolOptions>, RegExp]>([
    ['a name that AKS does not take', { name: 'a100-mig-pool' }, /node_pool is not valid, got "a100-mig-pool".*1-12 lower-case/s],
    ['counts that leave no room', { minCount: 2, maxCount: 2 }, /node counts are not valid, got minCount 2, maxCount 2/],
    ['more nodes than AKS takes', { maxCount: 1001 }, /node counts are not valid/],
    ['a price without spot', { spotMaxPrice: 1 }, /spotMaxPrice on a pool that is not spot/],
    ['a price of nothing', { spot: true, spotMaxPrice: 0 }, /spotMaxPrice is not valid, got 0/],
    [
      'a reservation for spot',
      { vmSize: GpuVmSize.of('Standard_ND96isr_H100_v5'), spot: true, capacityReservationGroupId: '/crg' },
      /spot capacity cannot be reserved/,
    ],
    [
      'a reservation that the size does not take',
      { capacityReservationGroupId: '/crg' },
      /Azure reserves no capacity for Standard_NC24ads_A100_v4/,
    ],
    [
      'an OS disk that does not fit',
      { osDiskSizeGib: 512, ephemeralOsDisk: true },
      /ephemeral OS disk does not fit, got 512 GiB.*up to 256/s,
    ],
    [
      'a driver that the size does not take',
      { vmSize: GpuVmSize.of('Standard_NV36ads_A10_v5'), driver: GpuDriver.OPERATOR },
      /GRID driver/,
    ],
  ])('refuses %s', (_, options, message) => {
    expect(() => gpuPool(options)).toThrow(message);
  });

  test('refuses two pools of one name, also while one is replaced', () => {
    const { cluster } = gpuPool({ name: 'inference1' });
    expect(() => cluster.addGpuPool('Other', { vmSize: A100, maxCount: 1, name: 'inference1' })).toThrow(
      /name of a node pool is taken/,
    );
    expect(() => cluster.addCpuPool('More', { maxCount: 1, name: 'inference2' })).toThrow(
      /differs from inference1 in its first nine letters/,
    );
  });
});

describe('CpuNodePool', () => {
  test('spreads over zones in prod and adds nodes before it takes them away', () => {
    const { json, made } = cpuPool();
    expect(json).toMatchObject({
      vm_size: 'Standard_D8ds_v5',
      zones: ['1', '2', '3'],
      priority: 'Regular',
      upgrade_settings: { max_surge: '33%', drain_timeout_in_minutes: 30 },
      os_disk_type: 'Ephemeral',
      node_labels: { 'ml-platform/pool': 'cpu' },
    });
    expect(json).not.toHaveProperty('node_taints');
    expect(json).not.toHaveProperty('gpu_driver');
    expect(made.pool).toMatchObject({ vcpus: 8, memoryGib: 32 });
    expect(cpuPool({}, Stage.DEV).json).not.toHaveProperty('zones');
  });

  test('takes another size, spot too', () => {
    const { json } = cpuPool({ vmSize: CpuVmSize.of('Standard_E8s_v5'), spot: true, spotMaxPrice: 0.2 });
    expect(json).toMatchObject({ vm_size: 'Standard_E8s_v5', priority: 'Spot', spot_max_price: 0.2, os_disk_type: 'Managed' });
  });
});

describe('SpotNodePool', () => {
  test('is a CPU pool that Azure may take away', () => {
    const { cluster, json } = testCluster();
    cluster.addSpotPool('batch', { maxCount: 8 });
    expect(json('batch')).toMatchObject({
      priority: 'Spot',
      node_taints: ['kubernetes.azure.com/scalesetpriority=spot:NoSchedule'],
    });
  });
});

describe('SystemNodePool', () => {
  test('takes AKS components and nothing else', () => {
    const { cluster, json } = testCluster();
    const { pool } = cluster.addSystemPool('system2', { maxCount: 6 });
    expect(json('system2')).toMatchObject({
      mode: 'System',
      min_count: 3,
      node_taints: ['CriticalAddonsOnly=true:NoSchedule'],
      zones: ['1', '2', '3'],
    });
    expect(pool.mode).toBe('System');
  });

  test.each<[string, Partial<CpuPoolOptions>, RegExp]>([
    ['spot', { spot: true }, /a system pool cannot be spot/],
    ['an empty pool', { minCount: 0 }, /needs a node at all times, got minCount 0/],
  ])('refuses %s', (_, options, message) => {
    expect(() => testCluster().cluster.addSystemPool('system2', { maxCount: 6, ...options })).toThrow(message);
  });
});
