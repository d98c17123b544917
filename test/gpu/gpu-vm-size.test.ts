import { describe, expect, test } from 'vitest';
import { CpuVmSize, GpuVmSize, VmPrice } from '../../lib/gpu';

describe('GpuVmSize', () => {
  test('knows 36 sizes, each once', () => {
    const names = GpuVmSize.all().map(({ name }) => name);
    expect(names).toHaveLength(36);
    expect(new Set(names).size).toBe(36);
    expect(GpuVmSize.CATALOGUE_DATE).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  });

  test('finds a size whatever its case and tells its facts', () => {
    expect(GpuVmSize.of('standard_nc24ADS_a100_v4')).toMatchObject({
      name: 'Standard_NC24ads_A100_v4',
      vcpus: 24,
      memoryGib: 220,
      architecture: 'amd64',
      gpuVendor: 'nvidia',
      gpuCount: 1,
      gpuMemoryGb: 80,
      migProfiles: expect.arrayContaining(['1g.10gb', '3g.40gb', '7g.80gb']),
      aksGpuInstances: ['MIG1g', 'MIG2g', 'MIG3g', 'MIG4g', 'MIG7g'],
      quotaFamily: 'StandardNCADSA100v4Family',
      driverImage: 'cuda-lts',
      tempDiskGib: 64,
      cacheDiskGib: 256,
      capacityReservation: false,
    });
    expect(GpuVmSize.of('Standard_ND128isr_NDR_GB200_v6')).toMatchObject({ architecture: 'arm64', rdma: true, gpuCount: 4 });
    expect(GpuVmSize.of('Standard_ND96isr_MI300X_v5')).toMatchObject({ gpuVendor: 'amd', gpuResourceName: 'amd.com/gpu' });
  });

  test('names the nearest sizes for a typo', () => {
    expect(() => GpuVmSize.of('Standard_NC24_A100_v4')).toThrow(
      /got "Standard_NC24_A100_v4".*nearest: Standard_NC24ads_A100_v4/s,
    );
  });

  test('takes a size of your own on your word', () => {
    const size = GpuVmSize.custom({
      name: 'Standard_NC128ds_B300_v7',
      vcpus: 128,
      memoryGib: 900,
      architecture: 'arm64',
      gpuVendor: 'nvidia',
      gpuModel: 'NVIDIA B300',
      gpuCount: 4,
      gpuMemoryGb: 288,
      quotaFamily: 'standardNCB300v7Family',
    });
    expect(size).toMatchObject({ gpuCount: 4, migProfiles: [], supportedOnAks: true, rdma: false });
  });
});

describe('CpuVmSize', () => {
  test('knows common sizes', () => {
    expect(CpuVmSize.of('Standard_D4ds_v5')).toMatchObject({
      vcpus: 4,
      memoryGib: 16,
      tempDiskGib: 150,
      quotaFamily: 'standardDDSv5Family',
    });
    expect(CpuVmSize.of('Standard_E8ads_v5')).toMatchObject({ memoryGib: 64 });
    expect(CpuVmSize.of('Standard_D8pds_v5').architecture).toBe('arm64');
  });

  test('names the nearest sizes for a typo, and takes one of your own', () => {
    expect(() => CpuVmSize.of('Standard_D4ds_v55')).toThrow(/nearest: Standard_D4ds_v5/);
    expect(CpuVmSize.custom({ name: 'Standard_M8', vcpus: 8, memoryGib: 200, quotaFamily: 'standardMSFamily' })).toMatchObject({
      architecture: 'amd64',
      memoryGib: 200,
    });
  });
});

describe('VmPrice', () => {
  test('tells the list price of a size in a region, with its date', () => {
    expect(VmPrice.hourly('Standard_NC4as_T4_v3', 'eastus')).toBe(0.526);
    expect(VmPrice.monthly('Standard_NC4as_T4_v3', 'eastus')).toBeCloseTo(383.98);
    expect(VmPrice.DATE).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  });

  test('has none for a size or region that it does not know', () => {
    expect(VmPrice.hourly('Standard_NC4as_T4_v3', 'mars')).toBeUndefined();
    expect(VmPrice.monthly('Standard_ND128isr_GB300_v6', 'eastus')).toBeUndefined();
  });
});
