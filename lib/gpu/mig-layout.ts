import { MigProfile } from './mig-profile';

/** Where on a GPU's eight memory slices an instance may start, and how many it takes. */
interface Placement {
  readonly size: number;
  readonly starts: number[];
}

// The geometry is the same on A100, H100, H200 and GB200: seven compute slices over eight memory slices.
// https://docs.nvidia.com/datacenter/tesla/mig-user-guide/#supported-mig-profiles
const PLACEMENTS: Readonly<Record<number, Placement>> = {
  1: { size: 1, starts: [0, 1, 2, 3, 4, 5, 6] },
  2: { size: 2, starts: [0, 2, 4] },
  3: { size: 4, starts: [0, 4] },
  4: { size: 4, starts: [0] },
  7: { size: 8, starts: [0] },
};
const ONE_COMPUTE_TWO_MEMORY: Placement = { size: 2, starts: [0, 2, 4, 6] };

function placementOf(profile: MigProfile, profilesOfGpu: string[]): Placement {
  if (profile.computeSlices === 1) {
    const smallest = Math.min(
      ...profilesOfGpu.map((name) => MigProfile.of(name)).flatMap((p) => (p.computeSlices === 1 ? [p.memoryGb] : [])),
    );
    // "1g.20gb" of an 80 GB GPU: one share of compute with two of memory.
    if (profile.memoryGb > 1.5 * smallest) return ONE_COMPUTE_TWO_MEMORY;
  }
  return PLACEMENTS[profile.computeSlices] as Placement;
}

/** Instances of a layout, largest first, one entry each. */
function instances(layout: { [profile: string]: number }): MigProfile[] {
  return Object.entries(layout)
    .flatMap(([name, count]) => Array.from({ length: count }, () => MigProfile.of(name)))
    .sort((a, b) => b.computeSlices - a.computeSlices || b.memoryGb - a.memoryGb);
}

/**
 * Whether one GPU can be cut so: tries all placements.
 * @param profilesOfGpu names of the profiles that the GPU knows
 */
export function layoutFits(layout: { [profile: string]: number }, profilesOfGpu: string[]): boolean {
  const asked = instances(layout);
  if (asked.length > 7 || asked.filter((profile) => profile.mediaEngines).length > 1) return false;
  const placements = asked.map((profile) => placementOf(profile, profilesOfGpu));
  const place = (index: number, used: number): boolean => {
    const placement = placements[index];
    if (!placement) return true;
    return placement.starts.some((start) => {
      const mask = ((1 << placement.size) - 1) << start;
      return (used & mask) === 0 && place(index + 1, used | mask);
    });
  };
  return place(0, 0);
}

/** How many instances of one profile a GPU holds when it is cut into nothing else. */
export function uniformCount(profile: MigProfile, profilesOfGpu: string[]): number {
  if (profile.mediaEngines) return 1;
  return placementOf(profile, profilesOfGpu).starts.length;
}

/**
 * The value of `gpu_instance` that makes this layout, if AKS has one: AKS cuts all GPUs of a pool alike, into the profile of a
 * compute share with the least memory.
 */
export function aksGpuInstance(layout: { [profile: string]: number }, profilesOfGpu: string[]): string | undefined {
  const [name, ...others] = Object.keys(layout);
  if (name === undefined || others.length > 0) return undefined;
  const profile = MigProfile.of(name);
  const least = profilesOfGpu
    .map((other) => MigProfile.of(other))
    .filter((other) => other.computeSlices === profile.computeSlices && !other.mediaEngines)
    .sort((a, b) => a.memoryGb - b.memoryGb)[0];
  if (least?.name !== name || layout[name] !== uniformCount(profile, profilesOfGpu)) return undefined;
  return `MIG${profile.computeSlices}g`;
}
