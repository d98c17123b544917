import { describe, expect, test } from 'vitest';
import type { CapacityPool } from '../../lib/gpu';
import { roomOf } from '../../lib/gpu/capacity-node';
import table from '../../lib/gpu/data/node-overhead.json';

const POOL: CapacityPool = {
  name: 'cpu',
  vmSize: 'Standard_D8ds_v5',
  vcpus: 8,
  memoryGib: 32,
  architecture: 'amd64',
  minCount: 0,
  maxCount: 1,
  spot: false,
  labels: {},
  taints: [],
};
const NOTHING = { cpu: 0, memoryGib: 0 };
/** MiB of 32 GiB that the guest sees. */
const SEEN = 32 * 1024 * 0.97;
const MB = 1e6 / 1024 ** 2;

describe('room on an empty node', () => {
  test.each([
    [1, 60],
    [2, 100],
    [4, 140],
    [8, 180],
    [16, 260],
    [32, 420],
    [64, 740],
  ])('of %i cores is less by the %i milli-cores that AKS reserves', (vcpus, reserved) => {
    expect(roomOf({ ...POOL, vcpus }, NOTHING).milliCpu).toBe(vcpus * 1000 - reserved);
  });

  test('is less by 20 MB for each pod and 50 MB, and by what stays free before eviction', () => {
    expect(roomOf(POOL, NOTHING).mib).toBe(Math.floor(SEEN - (20 * 110 + 50) * MB - 100));
  });

  test('is larger where a node takes fewer pods', () => {
    expect(roomOf({ ...POOL, maxPods: 30 }, NOTHING).mib).toBe(Math.floor(SEEN - (20 * 30 + 50) * MB - 100));
    expect(roomOf({ ...POOL, maxPods: 30 }).pods).toBe(10);
  });

  test('keeps three quarters of the memory of a small node, whatever its pods', () => {
    const small = { ...POOL, memoryGib: 4 };
    expect(roomOf(small, NOTHING).mib).toBe(Math.floor((4 * 1024 * 0.97 * 3) / 4 - 100));
  });

  test('is less by what the DaemonSets of the table request, on GPU nodes by more of them', () => {
    const sum = (on: string[], field: 'milliCpu' | 'mib') =>
      table.daemonSets.filter((row) => on.includes(row.on)).reduce((total, row) => total + row[field], 0);
    const bare = roomOf(POOL, NOTHING);
    expect(bare.milliCpu - roomOf(POOL).milliCpu).toBe(sum(['all'], 'milliCpu'));
    expect(bare.mib - roomOf(POOL).mib).toBe(sum(['all'], 'mib'));
    const gpu = { model: 'T4', vendor: 'nvidia', count: 1, memoryGb: 16, sharing: 'none', resources: { 'nvidia.com/gpu': 1 } };
    expect(bare.milliCpu - roomOf({ ...POOL, gpu }).milliCpu).toBe(sum(['all', 'gpu'], 'milliCpu'));
    expect(table.daemonSets.filter(({ source }) => source.length < 10)).toEqual([]);
  });

  test('takes your measurements instead', () => {
    expect(roomOf(POOL, { cpu: 1, memoryGib: 2 }).milliCpu).toBe(8000 - 180 - 1000);
  });
});
