import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GpuDriver, GpuRequest, GpuSharing, GpuVmSize, MigProfile, NodeLabel } from '../../lib/gpu';
import { devicePluginConfig, devicePluginConfigName, migConfig, migConfigName } from '../../lib/gpu/device-config';
import { checkGpuPool } from '../../lib/gpu/gpu-compatibility';
import { aksGpuInstance, layoutFits, uniformCount } from '../../lib/gpu/mig-layout';

const A100 = GpuVmSize.of('Standard_NC24ads_A100_v4');
const H100 = GpuVmSize.of('Standard_NC80adis_H100_v5');
const T4 = GpuVmSize.of('Standard_NC64as_T4_v3');
const A10 = GpuVmSize.of('Standard_NV36ads_A10_v5');
const MI300X = GpuVmSize.of('Standard_ND96isr_MI300X_v5');

describe('MigProfile', () => {
  test('reads compute, memory and media engines from the name', () => {
    expect(MigProfile.of('1g.10gb+me')).toMatchObject({
      computeSlices: 1,
      memoryGb: 10,
      mediaEngines: true,
      resourceName: 'nvidia.com/mig-1g.10gb.me',
    });
    expect(MigProfile.of('3g.40gb').resourceName).toBe('nvidia.com/mig-3g.40gb');
  });

  test.each(['5g.40gb', '1g', '1g.10', 'MIG1g'])('refuses %s', (name) => {
    expect(() => MigProfile.of(name)).toThrow(/not a MIG profile/);
  });
});

describe('GpuSharing', () => {
  test('tells what one node offers', () => {
    expect(GpuSharing.none().resourcesOn(T4)).toEqual({ 'nvidia.com/gpu': 4 });
    expect(GpuSharing.timeSlicing(4).resourcesOn(T4)).toEqual({ 'nvidia.com/gpu': 16 });
    expect(GpuSharing.mps(2).resourcesOn(H100)).toEqual({ 'nvidia.com/gpu': 4 });
    expect(GpuSharing.mig({ '1g.12gb': 7 }).resourcesOn(H100)).toEqual({ 'nvidia.com/mig-1g.12gb': 14 });
    expect(GpuSharing.mig({ '3g.40gb': 1, '1g.10gb': 3 }).resourcesOn(A100)).toEqual({
      'nvidia.com/mig-3g.40gb': 1,
      'nvidia.com/mig-1g.10gb': 3,
    });
  });

  test.each([[1], [0], [2.5], [49]])('refuses %d replicas', (replicas) => {
    expect(() => GpuSharing.timeSlicing(replicas)).toThrow(/replicas is not valid.*2-48/s);
    expect(() => GpuSharing.mps(replicas)).toThrow(/replicas is not valid/);
  });

  test('refuses an empty layout, a count below 1 and a profile that is none', () => {
    expect(() => GpuSharing.mig({})).toThrow(/layout has no instance/);
    expect(() => GpuSharing.mig({ '1g.10gb': 0 })).toThrow(/count of 1g.10gb is not valid/);
    expect(() => GpuSharing.mig({ '1x': 1 })).toThrow(/not a MIG profile/);
  });
});

describe('MIG layouts', () => {
  const profiles = A100.migProfiles;

  // The layouts that NVIDIA lists for an A100 with 80 GB, and ones it cannot make.
  test.each<[boolean, { [profile: string]: number }]>([
    [true, { '1g.10gb': 7 }],
    [true, { '3g.40gb': 2 }],
    [true, { '4g.40gb': 1, '3g.40gb': 1 }],
    [true, { '3g.40gb': 1, '2g.20gb': 1, '1g.10gb': 2 }],
    [true, { '2g.20gb': 3, '1g.10gb': 1 }],
    [true, { '1g.20gb': 4 }],
    [true, { '7g.80gb': 1 }],
    [false, { '1g.10gb': 8 }],
    [false, { '4g.40gb': 2 }],
    [false, { '7g.80gb': 1, '1g.10gb': 1 }],
    [false, { '2g.20gb': 4 }],
    [false, { '1g.20gb': 5 }],
    [false, { '3g.40gb': 2, '1g.10gb': 1 }],
    [false, { '1g.10gb+me': 2 }],
  ])('fits: %s for %o', (fits, layout) => {
    expect(layoutFits(layout, profiles)).toBe(fits);
  });

  test('a part of a layout that fits also fits', () => {
    const layout = fc.dictionary(fc.constantFrom(...profiles), fc.integer({ min: 1, max: 7 }), { minKeys: 1 });
    fc.assert(
      fc.property(layout, fc.nat(), (whole, pick) => {
        const names = Object.keys(whole);
        const name = names[pick % names.length] as string;
        const { [name]: count = 1, ...rest } = whole;
        const part = count > 1 ? { ...rest, [name]: count - 1 } : rest;
        if (layoutFits(whole, profiles)) expect(layoutFits(part, profiles)).toBe(true);
      }),
    );
  });

  test('no layout exceeds seven compute shares', () => {
    const layout = fc.dictionary(fc.constantFrom(...profiles), fc.integer({ min: 1, max: 7 }), { minKeys: 1 });
    fc.assert(
      fc.property(layout, (asked) => {
        const shares = Object.entries(asked).reduce((sum, [name, count]) => sum + MigProfile.of(name).computeSlices * count, 0);
        if (shares > 7) expect(layoutFits(asked, profiles)).toBe(false);
      }),
    );
  });

  test('counts instances of one kind as NVIDIA does', () => {
    const counts = Object.fromEntries(profiles.map((name) => [name, uniformCount(MigProfile.of(name), profiles)]));
    expect(counts).toEqual({
      '1g.10gb': 7,
      '1g.10gb+me': 1,
      '1g.20gb': 4,
      '2g.20gb': 3,
      '3g.40gb': 2,
      '4g.40gb': 1,
      '7g.80gb': 1,
    });
  });

  test('finds the instance that AKS makes, where it makes the layout', () => {
    expect(aksGpuInstance({ '1g.10gb': 7 }, profiles)).toBe('MIG1g');
    expect(aksGpuInstance({ '3g.40gb': 2 }, profiles)).toBe('MIG3g');
    expect(aksGpuInstance({ '3g.40gb': 1 }, profiles)).toBeUndefined();
    expect(aksGpuInstance({ '1g.20gb': 4 }, profiles)).toBeUndefined();
    expect(aksGpuInstance({ '3g.40gb': 1, '1g.10gb': 3 }, profiles)).toBeUndefined();
  });
});

describe('what size, driver and sharing agree to', () => {
  const check = (size: GpuVmSize, driver: GpuDriver, sharing = GpuSharing.none()) => checkGpuPool('Pool', size, driver, sharing);

  test('takes every combination that the hardware and its driver do', () => {
    expect(check(T4, GpuDriver.OPERATOR, GpuSharing.timeSlicing(4))).toBeUndefined();
    expect(check(A100, GpuDriver.OPERATOR, GpuSharing.mig({ '3g.40gb': 1, '1g.10gb': 3 }))).toBeUndefined();
    expect(check(A100, GpuDriver.AKS, GpuSharing.mig({ '1g.10gb': 7 }))).toBe('MIG1g');
    expect(check(A10, GpuDriver.AKS)).toBeUndefined();
    expect(check(MI300X, GpuDriver.NONE)).toBeUndefined();
  });

  test.each<[string, GpuVmSize, GpuDriver, GpuSharing, RegExp]>([
    ['MIG on a T4', T4, GpuDriver.OPERATOR, GpuSharing.mig({ '1g.10gb': 7 }), /NVIDIA T4 cannot be cut by MIG.*time slicing/s],
    ["the operator's driver on an A10", A10, GpuDriver.OPERATOR, GpuSharing.none(), /needs the GRID driver.*GpuDriver\.AKS/s],
    ["AKS's driver on AMD", MI300X, GpuDriver.AKS, GpuSharing.none(), /no driver from AKS.*GpuDriver\.NONE/s],
    ["NVIDIA's operator on AMD", MI300X, GpuDriver.OPERATOR, GpuSharing.none(), /no driver from NVIDIA's operator/],
    [
      'a profile of another GPU',
      A100,
      GpuDriver.OPERATOR,
      GpuSharing.mig({ '1g.12gb': 7 }),
      /no such MIG profile, got 1g\.12gb.*use 1g\.10gb/s,
    ],
    [
      'a layout that does not fit',
      A100,
      GpuDriver.OPERATOR,
      GpuSharing.mig({ '4g.40gb': 2 }),
      /does not fit on one GPU, got 2 × 4g\.40gb.*7 × 1g\.10gb/s,
    ],
    [
      'a mixed layout by AKS',
      A100,
      GpuDriver.AKS,
      GpuSharing.mig({ '3g.40gb': 1, '1g.10gb': 3 }),
      /AKS cannot cut GPUs so.*GpuDriver\.OPERATOR/s,
    ],
    ['sharing that nobody sets up', T4, GpuDriver.NONE, GpuSharing.timeSlicing(2), /nobody would set up time-slicing/],
    [
      'a size that AKS does not run',
      GpuVmSize.of('Standard_NC144ds_xl_RTXPRO6000BSE_v6'),
      GpuDriver.AKS,
      GpuSharing.none(),
      /AKS does not support this size.*GpuVmSize\.custom/s,
    ],
    ["AKS's driver on a size of your own that names none", custom(), GpuDriver.AKS, GpuSharing.none(), /AKS installs no driver/],
  ])('refuses %s', (_, size, driver, sharing, message) => {
    expect(() => check(size, driver, sharing)).toThrow(message);
  });
});

function custom(): GpuVmSize {
  return GpuVmSize.custom({
    name: 'Standard_NC1_v9',
    vcpus: 1,
    memoryGib: 8,
    architecture: 'amd64',
    gpuVendor: 'nvidia',
    gpuModel: 'NVIDIA X',
    gpuCount: 1,
    gpuMemoryGb: 8,
    quotaFamily: 'x',
  });
}

describe('device configuration', () => {
  test('names a configuration after what it does, in letters that labels take', () => {
    expect(devicePluginConfigName({ sharing: 'none' })).toBe('default');
    expect(devicePluginConfigName({ sharing: 'mps', replicas: 8 })).toBe('mps-8');
    expect(migConfigName({ sharing: 'mig', migLayout: { '3g.40gb': 1, '1g.10gb+me': 1 } })).toBe('mig-1x1g.10gb.me-1x3g.40gb');
    expect(migConfigName({ sharing: 'none' })).toBeUndefined();
  });

  test('slices time, or runs MPS, never both', () => {
    expect(devicePluginConfig({ sharing: 'time-slicing', replicas: 4 })).toEqual({
      version: 'v1',
      flags: { migStrategy: 'mixed' },
      sharing: {
        timeSlicing: {
          renameByDefault: false,
          failRequestsGreaterThanOne: true,
          resources: [{ name: 'nvidia.com/gpu', replicas: 4 }],
        },
      },
    });
    expect(devicePluginConfig({ sharing: 'mps', replicas: 4 })).toHaveProperty('sharing.mps');
    expect(devicePluginConfig({ sharing: 'mps', replicas: 4 })).not.toHaveProperty('sharing.timeSlicing');
    expect(devicePluginConfig({ sharing: 'none' })).not.toHaveProperty('sharing');
  });

  test('cuts all GPUs of a node alike', () => {
    expect(migConfig({ '3g.40gb': 1, '1g.10gb': 3 })).toEqual([
      { devices: 'all', 'mig-enabled': true, 'mig-devices': { '1g.10gb': 3, '3g.40gb': 1 } },
    ]);
  });
});

describe('GpuRequest', () => {
  test('names the resource, and the label that tells a slice from a whole GPU', () => {
    expect(GpuRequest.whole(2)).toMatchObject({
      resourceName: 'nvidia.com/gpu',
      count: 2,
      nodeSelector: { [NodeLabel.GPU_ACCESS]: 'whole' },
    });
    expect(GpuRequest.slice()).toMatchObject({
      resourceName: 'nvidia.com/gpu',
      count: 1,
      nodeSelector: { [NodeLabel.GPU_ACCESS]: 'slice' },
    });
    expect(GpuRequest.mig(MigProfile.of('1g.10gb'), 2)).toMatchObject({ resourceName: 'nvidia.com/mig-1g.10gb', count: 2 });
    expect(GpuRequest.whole(1, { vendor: 'amd' }).resourceName).toBe('amd.com/gpu');
    expect(GpuRequest.whole(1, { pools: ['h100'] }).nodeSelector).toMatchObject({ [NodeLabel.POOL]: 'h100' });
  });

  test('reads well', () => {
    expect(GpuRequest.whole(2, { models: ['A100', 'H100'], minMemoryGb: 80 }).toString()).toBe(
      '2 whole GPUs (A100 or H100, at least 80 GB)',
    );
    expect(GpuRequest.mig(MigProfile.of('1g.10gb'), 2, { pools: ['a100'] }).toString()).toBe('2 × MIG 1g.10gb (on pool a100)');
    expect(GpuRequest.slice().toString()).toBe('a GPU slice');
  });

  test('refuses half a GPU and two slices', () => {
    expect(() => GpuRequest.whole(0.5)).toThrow(/count is not valid, got 0\.5.*GpuRequest\.slice/s);
    expect(() => GpuRequest.mig(MigProfile.of('1g.10gb'), 0)).toThrow(/count is not valid/);
    expect(() => GpuRequest.slice(2)).toThrow(/a pod gets one slice, got 2/);
  });

  test('makes labels of models', () => {
    expect(NodeLabel.modelValue('NVIDIA A100 80GB PCIe')).toBe('nvidia-a100-80gb-pcie');
    for (const { gpuModel } of GpuVmSize.all()) {
      expect(NodeLabel.modelValue(gpuModel)).toMatch(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);
    }
  });
});
