import { ConfigurationError } from '../core/configuration-error';
import { nearest } from '../core/nearest';
import catalogue from './data/gpu-vm-sizes.json';

/** Facts of a VM size with GPUs. */
export interface GpuVmSizeFacts {
  /** ARM name, e.g. "Standard_NC24ads_A100_v4". */
  readonly name: string;
  readonly vcpus: number;
  readonly memoryGib: number;
  /** "amd64" or "arm64". */
  readonly architecture: string;
  /** "nvidia" or "amd". */
  readonly gpuVendor: string;
  /** e.g. "NVIDIA T4". */
  readonly gpuModel: string;
  /** Devices that Kubernetes sees on a node; a fraction of a GPU (vGPU) counts as one. */
  readonly gpuCount: number;
  /** Memory of one device in GB. */
  readonly gpuMemoryGb: number;
  /** Quota that its vCPUs count against, as `az vm list-usage` names it. */
  readonly quotaFamily: string;
  /** Profiles that the GPU can be cut into. @default - none: no MIG */
  readonly migProfiles?: string[];
  /** Driver that AKS installs: "cuda", "cuda-lts" or "grid". @default - AKS installs none */
  readonly driverImage?: string;
  /** @default false */
  readonly rdma?: boolean;
  /** GiB of temporary disk, where an ephemeral OS disk can live. @default - none */
  readonly tempDiskGib?: number;
}

interface CatalogueRow {
  readonly name: string;
  readonly vcpus: number;
  readonly memoryGib: number | null;
  readonly architecture: string | null;
  readonly gpu: { vendor: string; model: string; count: number | null; memoryGb: number | null; allocation: string | null };
  readonly mig: { profiles: string[]; aksGpuInstances: string[] } | null;
  readonly rdma: boolean;
  readonly tempDiskGib: number | null;
  readonly cacheDiskGib: number | null;
  readonly nvmeDisks: number;
  readonly nvmeGib: number | null;
  readonly ephemeralOsDisk: boolean;
  readonly quotaFamily: string;
  readonly spot: boolean | null;
  readonly driverImage: string | null;
  readonly fabricManager: boolean;
  readonly nodeOs: string[];
  readonly capacityReservation: boolean | null;
  readonly supportedOnAks: boolean;
}

const ROWS: readonly CatalogueRow[] = catalogue.sizes;

/** A VM size with GPUs, from a catalogue with its sources. What no source states is undefined. */
export class GpuVmSize {
  /** Day on which the catalogue was collected, e.g. "2026-11-20". */
  public static readonly CATALOGUE_DATE: string = catalogue.collectedAt;

  /**
   * A size by its ARM name; case does not matter.
   * @throws when the catalogue lacks it, with the nearest names
   */
  public static of(name: string): GpuVmSize {
    const row = ROWS.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase());
    if (row) return new GpuVmSize(row);
    throw new ConfigurationError('GpuVmSize.of', {
      what: 'GPU VM size is not known',
      got: JSON.stringify(name),
      allowed: `nearest: ${nearest(
        name,
        ROWS.map((candidate) => candidate.name),
      ).join(', ')}`,
      fix: 'correct the name, or state the facts of a newer size with GpuVmSize.custom({ … })',
    });
  }

  /** A size that the catalogue lacks, or knows too little of, on your word. */
  public static custom(facts: GpuVmSizeFacts): GpuVmSize {
    const row = ROWS.find((candidate) => candidate.name.toLowerCase() === facts.name.toLowerCase());
    return new GpuVmSize({
      name: facts.name,
      vcpus: facts.vcpus,
      memoryGib: facts.memoryGib,
      architecture: facts.architecture,
      gpu: {
        vendor: facts.gpuVendor,
        model: facts.gpuModel,
        count: facts.gpuCount,
        memoryGb: facts.gpuMemoryGb,
        allocation: null,
      },
      mig: facts.migProfiles ? { profiles: facts.migProfiles, aksGpuInstances: [] } : null,
      rdma: facts.rdma ?? false,
      tempDiskGib: facts.tempDiskGib ?? null,
      cacheDiskGib: null,
      nvmeDisks: row?.nvmeDisks ?? 0,
      nvmeGib: row?.nvmeGib ?? null,
      ephemeralOsDisk: facts.tempDiskGib !== undefined,
      quotaFamily: facts.quotaFamily,
      spot: row?.spot ?? null,
      driverImage: facts.driverImage ?? null,
      fabricManager: row?.fabricManager ?? false,
      nodeOs: row?.nodeOs ?? ['ubuntu'],
      capacityReservation: row?.capacityReservation ?? null,
      supportedOnAks: true,
    });
  }

  /** All sizes of the catalogue. */
  public static all(): GpuVmSize[] {
    return ROWS.map((row) => new GpuVmSize(row));
  }

  public readonly name: string;
  public readonly vcpus: number;
  public readonly memoryGib?: number;
  /** "amd64" or "arm64". */
  public readonly architecture: string;
  /** "nvidia" or "amd". */
  public readonly gpuVendor: string;
  public readonly gpuModel: string;
  /** Devices that Kubernetes sees on a node; a fraction of a GPU (vGPU) counts as one. */
  public readonly gpuCount?: number;
  /** Memory of one device in GB. */
  public readonly gpuMemoryGb?: number;
  /** Physical GPUs of the size, e.g. "1/6" or "4". */
  public readonly gpuAllocation?: string;
  /** Names of the profiles that its GPUs can be cut into; empty without MIG. */
  public readonly migProfiles: string[];
  /** Values of `gpu_instance` that AKS takes; empty where it takes none. */
  public readonly aksGpuInstances: string[];
  /** InfiniBand or the like between nodes. */
  public readonly rdma: boolean;
  /** GiB of temporary disk. */
  public readonly tempDiskGib?: number;
  /** GiB of cache of the OS disk. */
  public readonly cacheDiskGib?: number;
  public readonly nvmeDisks: number;
  public readonly nvmeGib?: number;
  public readonly ephemeralOsDisk: boolean;
  /** Quota that its vCPUs count against, as `az vm list-usage` names it. */
  public readonly quotaFamily: string;
  /** Whether Azure sells it as spot; undefined where no source says. */
  public readonly spot?: boolean;
  /** Driver that AKS installs, "cuda-lts", "grid" or "grid-v20"; undefined where it installs none. */
  public readonly driverImage?: string;
  /** Whether the node needs NVIDIA's fabric manager (NVSwitch). */
  public readonly fabricManager: boolean;
  /** Node operating systems that AKS offers for it, e.g. "ubuntu". */
  public readonly nodeOs: string[];
  /** Whether capacity can be reserved; undefined where no source says. */
  public readonly capacityReservation?: boolean;
  /** False where Microsoft's pages say that AKS does not run it. */
  public readonly supportedOnAks: boolean;

  private constructor(row: CatalogueRow) {
    this.name = row.name;
    this.vcpus = row.vcpus;
    this.memoryGib = row.memoryGib ?? undefined;
    this.architecture = row.architecture ?? 'amd64';
    this.gpuVendor = row.gpu.vendor;
    this.gpuModel = row.gpu.model;
    this.gpuCount = row.gpu.count ?? undefined;
    this.gpuMemoryGb = row.gpu.memoryGb ?? undefined;
    this.gpuAllocation = row.gpu.allocation ?? undefined;
    this.migProfiles = row.mig?.profiles ?? [];
    this.aksGpuInstances = row.mig?.aksGpuInstances ?? [];
    this.rdma = row.rdma;
    this.tempDiskGib = row.tempDiskGib ?? undefined;
    this.cacheDiskGib = row.cacheDiskGib ?? undefined;
    this.nvmeDisks = row.nvmeDisks;
    this.nvmeGib = row.nvmeGib ?? undefined;
    this.ephemeralOsDisk = row.ephemeralOsDisk;
    this.quotaFamily = row.quotaFamily;
    this.spot = row.spot ?? undefined;
    this.driverImage = row.driverImage ?? undefined;
    this.fabricManager = row.fabricManager;
    this.nodeOs = row.nodeOs;
    this.capacityReservation = row.capacityReservation ?? undefined;
    this.supportedOnAks = row.supportedOnAks;
  }

  /** Extended resource that one whole device is, e.g. "nvidia.com/gpu". */
  public get gpuResourceName(): string {
    return this.gpuVendor === 'amd' ? 'amd.com/gpu' : 'nvidia.com/gpu';
  }
}
