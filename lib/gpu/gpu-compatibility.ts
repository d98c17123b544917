import { ConfigurationError } from '../core/configuration-error';
import { nearest } from '../core/nearest';
import { GpuDriver } from './gpu-driver';
import type { GpuSharing } from './gpu-sharing';
import type { GpuVmSize } from './gpu-vm-size';
import { aksGpuInstance, layoutFits, uniformCount } from './mig-layout';
import { MigProfile } from './mig-profile';

/**
 * Refuses what the hardware or its driver cannot do.
 * @returns the value of `gpu_instance`, where AKS is to cut the GPUs
 */
export function checkGpuPool(path: string, size: GpuVmSize, driver: GpuDriver, sharing: GpuSharing): string | undefined {
  checkSize(path, size);
  checkDriver(path, size, driver);
  if (sharing.kind === 'none') return undefined;
  if (driver === GpuDriver.NONE) {
    throw new ConfigurationError(path, {
      what: `nobody would set up ${sharing.kind} on this pool`,
      got: 'driver none',
      allowed: size.gpuVendor === 'nvidia' ? 'driver operator or aks' : 'whole GPUs',
      fix: size.gpuVendor === 'nvidia' ? 'use GpuDriver.OPERATOR' : 'leave sharing out',
    });
  }
  return sharing.migLayout ? checkMig(path, size, driver, sharing.migLayout) : undefined;
}

function checkSize(path: string, size: GpuVmSize): void {
  const missing = [
    ...(size.memoryGib === undefined ? ['memoryGib'] : []),
    ...(size.gpuCount === undefined ? ['gpuCount'] : []),
    ...(size.gpuMemoryGb === undefined ? ['gpuMemoryGb'] : []),
  ];
  if (!size.supportedOnAks || missing.length > 0) {
    throw new ConfigurationError(path, {
      what: size.supportedOnAks
        ? 'the catalogue knows too little of this size'
        : 'AKS does not support this size as far as documented',
      got: missing.length > 0 ? `${size.name} without ${missing.join(', ')}` : size.name,
      allowed: 'sizes whose facts are known and which AKS supports',
      fix: 'take another size, or vouch for it with GpuVmSize.custom({ … }) once you have seen it run on AKS',
    });
  }
}

function checkDriver(path: string, size: GpuVmSize, driver: GpuDriver): void {
  if (size.gpuVendor !== 'nvidia' && driver !== GpuDriver.NONE) {
    throw new ConfigurationError(path, {
      what: `${size.gpuModel} has no driver from ${driver === GpuDriver.AKS ? 'AKS' : "NVIDIA's operator"}`,
      got: `driver ${driver}`,
      allowed: 'driver none',
      fix: 'use GpuDriver.NONE and install the AMD GPU operator',
    });
  }
  const grid = size.driverImage?.startsWith('grid') ?? false;
  if (grid && driver === GpuDriver.OPERATOR) {
    throw new ConfigurationError(path, {
      what: `${size.gpuModel} on ${size.name} needs the GRID driver, the operator installs the data-center (CUDA) driver`,
      got: 'driver operator',
      allowed: 'driver aks',
      fix: 'use GpuDriver.AKS',
    });
  }
  if (driver === GpuDriver.AKS && size.driverImage === undefined) {
    throw new ConfigurationError(path, {
      what: `AKS installs no driver on ${size.name}`,
      got: 'driver aks',
      allowed: 'driver operator or none',
      fix: 'use GpuDriver.OPERATOR',
    });
  }
}

function checkMig(path: string, size: GpuVmSize, driver: GpuDriver, layout: { [profile: string]: number }): string | undefined {
  if (size.migProfiles.length === 0) {
    throw new ConfigurationError(path, {
      what: `${size.gpuModel} cannot be cut by MIG`,
      got: describeLayout(layout),
      allowed: 'whole GPUs, time slicing, MPS',
      fix: 'use GpuSharing.timeSlicing(4), or a size with A100, H100 or H200',
    });
  }
  for (const profile of Object.keys(layout)) {
    if (size.migProfiles.includes(profile)) continue;
    throw new ConfigurationError(path, {
      what: `${size.gpuModel} has no such MIG profile`,
      got: profile,
      allowed: size.migProfiles.join(', '),
      fix: `use ${nearest(profile, size.migProfiles, 1).join('')}`,
    });
  }
  if (!layoutFits(layout, size.migProfiles)) {
    throw new ConfigurationError(path, {
      what: 'MIG layout does not fit on one GPU',
      got: describeLayout(layout),
      allowed: `at most, of one kind: ${uniformLayouts(size).join(', ')}`,
      fix: 'take fewer or smaller instances',
    });
  }
  if (driver !== GpuDriver.AKS) return undefined;
  const instance = aksGpuInstance(layout, size.migProfiles);
  if (instance !== undefined && size.aksGpuInstances.includes(instance)) return instance;
  throw new ConfigurationError(path, {
    what: 'AKS cannot cut GPUs so: it makes instances of one kind, with the least memory for their compute',
    got: describeLayout(layout),
    allowed: size.aksGpuInstances.length > 0 ? uniformLayouts(size).join(', ') : 'no MIG by AKS on this size',
    fix: 'use GpuDriver.OPERATOR, whose MIG manager makes any layout',
  });
}

function uniformLayouts(size: GpuVmSize): string[] {
  return size.migProfiles
    .map((name) => MigProfile.of(name))
    .filter((profile) => !profile.mediaEngines)
    .map((profile) => `${uniformCount(profile, size.migProfiles)} × ${profile.name}`);
}

function describeLayout(layout: { [profile: string]: number }): string {
  return Object.entries(layout)
    .map(([profile, count]) => `${count} × ${profile}`)
    .join(' + ');
}
