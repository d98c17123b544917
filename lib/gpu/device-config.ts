import { MigProfile } from './mig-profile';

/** Node label by which the device plugin picks its configuration. */
export const DEVICE_PLUGIN_CONFIG_LABEL = 'nvidia.com/device-plugin.config';
/** Node label by which the MIG manager picks its configuration. */
export const MIG_CONFIG_LABEL = 'nvidia.com/mig.config';
/** Node label that keeps the GPU operator off a node. */
export const OPERANDS_LABEL = 'nvidia.com/gpu.deploy.operands';

/** How a pool's GPUs are shared, as a contract states it. */
export interface SharingData {
  /** "none", "time-slicing", "mps" or "mig". */
  readonly sharing: string;
  readonly replicas?: number;
  readonly migLayout?: { [profile: string]: number };
}

/** Name of the device-plugin configuration of a pool: pool and operator meet by it. */
export function devicePluginConfigName({ sharing, replicas }: SharingData): string {
  return replicas === undefined ? 'default' : `${sharing}-${replicas}`;
}

/** Name of the mig-parted configuration of a pool, e.g. "mig-4x1g.10gb-1x3g.40gb"; undefined without MIG. */
export function migConfigName({ migLayout }: SharingData): string | undefined {
  if (!migLayout) return undefined;
  return `mig-${sorted(migLayout)
    .map(([profile, count]) => `${count}x${profile.replace('+', '.')}`)
    .join('-')}`;
}

/**
 * Configuration of NVIDIA's device plugin.
 * @see https://github.com/NVIDIA/k8s-device-plugin#configuration-file
 */
export function devicePluginConfig({ sharing, replicas }: SharingData): object {
  const base = { version: 'v1', flags: { migStrategy: 'mixed' } };
  if (replicas === undefined) return base;
  const resources = [{ name: 'nvidia.com/gpu', replicas }];
  // The name stays: the autoscaler expects nvidia.com/gpu of a pool without nodes, and would never start one for a new name.
  if (sharing === 'mps') return { ...base, sharing: { mps: { renameByDefault: false, resources } } };
  return {
    ...base,
    sharing: { timeSlicing: { renameByDefault: false, failRequestsGreaterThanOne: true, resources } },
  };
}

/**
 * Entry of a mig-parted configuration: every GPU of a node cut into the layout.
 * @see https://github.com/NVIDIA/mig-parted
 */
export function migConfig(migLayout: { [profile: string]: number }): object[] {
  return [{ devices: 'all', 'mig-enabled': true, 'mig-devices': Object.fromEntries(sorted(migLayout)) }];
}

function sorted(layout: { [profile: string]: number }): [string, number][] {
  const slices = (profile: string) => MigProfile.of(profile);
  return Object.entries(layout).sort(
    ([a], [b]) =>
      slices(a).computeSlices - slices(b).computeSlices || slices(a).memoryGb - slices(b).memoryGb || (a < b ? -1 : 1),
  );
}
