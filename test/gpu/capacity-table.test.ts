import { expect, test } from 'vitest';
import { CapacityPlan, GpuRequest, MigProfile } from '../../lib/gpu';
import { capacityTable } from '../../lib/gpu/capacity-table';
import { contractAttributes } from '../helpers/contract';

test('shows a row a pool: size, nodes, GPUs, sharing, what is placed, what is left, price', () => {
  const { nodePools: pools } = contractAttributes();
  const gpu = GpuRequest.mig(MigProfile.of('3g.40gb'));
  const workloads = [{ name: 'risk/Fraud', replicas: 3, cpu: 2, memoryGib: 4, gpu }];
  const table = capacityTable(CapacityPlan.of({ pools, workloads, region: 'westeurope' }));
  expect(table.split('\n')).toHaveLength(7);
  expect(table).toMatch(
    /\| a100 \| Standard_NC24ads_A100_v4 \| 0-2 \| 0-2 × NVIDIA A100 80GB PCIe \| mig \| 3 × risk\/Fraud \| \d+ cores, \d+ GiB, 1 × nvidia\.com\/mig-3g\.40gb \| 0-[\d,]+ \|/,
  );
  expect(table).toMatch(/\| t4 \| Standard_NC16as_T4_v3 \(spot\) \|/);
  expect(table).toMatch(/list prices of \d{4}-\d{2}-\d{2}/);
});

test('says which prices are not known', () => {
  const { nodePools } = contractAttributes();
  const pools = nodePools.map((pool) => ({ ...pool, vmSize: `${pool.vmSize}_x` }));
  expect(capacityTable(CapacityPlan.of({ pools, workloads: [], region: 'westeurope' }))).toMatch(
    /No price known for cpu, a100, t4\./,
  );
});
