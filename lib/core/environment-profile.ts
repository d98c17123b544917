import { Stage } from './stage';

/** What an environment relaxes or demands. Every field has a default by stage. */
export interface EnvironmentProfileOverrides {
  /** Whether Terraform refuses to destroy what holds state (workspace, registries, storage, vault, cluster). @default - dev false, staging and prod true */
  readonly preventDestroy?: boolean;
  /** Whether resources spread over availability zones where Azure offers it. @default - dev false, staging and prod true */
  readonly zoneRedundant?: boolean;
  /** How storage accounts are replicated: LRS, ZRS, GRS or GZRS. @default - dev LRS, staging ZRS, prod GZRS */
  readonly storageReplication?: string;
  /** Days that deleted blobs, containers and vaults can be brought back, 7-90. @default - dev 7, staging 30, prod 90 */
  readonly softDeleteRetentionDays?: number;
  /** Days that logs are kept, 30-730. @default - dev 30, staging 90, prod 365 */
  readonly logRetentionDays?: number;
  /** GB of logs a day after which ingestion stops, -1 for no limit. @default - dev 1, staging and prod -1 */
  readonly logDailyQuotaGb?: number;
  /** Tier of the cluster's control plane: Free (no SLA), Standard or Premium. @default - dev Free, staging and prod Standard */
  readonly clusterTier?: string;
  /** Fewest nodes of the system pool. @default - dev 1, staging 2, prod 3 */
  readonly systemNodesMin?: number;
  /** Most nodes of the system pool. @default - dev 2, staging 4, prod 6 */
  readonly systemNodesMax?: number;
  /** Replicas of each controller in the cluster. @default - dev 1, staging and prod 2 */
  readonly controllerReplicas?: number;
  /**
   * Whether managed networks reach only approved targets. Azure cannot turn it off again on a workspace.
   * @default - dev and staging false, prod true
   */
  readonly approvedOutboundOnly?: boolean;
  /** Microsoft Defender for Containers on the cluster; it is billed by vCPU. @default - dev false, staging and prod true */
  readonly defender?: boolean;
  /** Azure Backup of the cluster's objects and disks. @default - dev false, staging and prod true */
  readonly clusterBackup?: boolean;
  /** Fewest replicas of a served model. @default - dev 1, staging 1, prod 2 */
  readonly servingReplicasMin?: number;
}

/**
 * The defaults of an environment. Cost and redundancy differ between stages; identity, secrecy and exposure do not.
 *
 * ```ts
 * EnvironmentProfile.PROD.with({ logRetentionDays: 730 })
 * ```
 */
export class EnvironmentProfile {
  public static readonly DEV = new EnvironmentProfile({
    preventDestroy: false,
    zoneRedundant: false,
    storageReplication: 'LRS',
    softDeleteRetentionDays: 7,
    logRetentionDays: 30,
    logDailyQuotaGb: 1,
    clusterTier: 'Free',
    systemNodesMin: 1,
    systemNodesMax: 2,
    controllerReplicas: 1,
    approvedOutboundOnly: false,
    defender: false,
    clusterBackup: false,
    servingReplicasMin: 1,
  });

  public static readonly STAGING = new EnvironmentProfile({
    preventDestroy: true,
    zoneRedundant: true,
    storageReplication: 'ZRS',
    softDeleteRetentionDays: 30,
    logRetentionDays: 90,
    logDailyQuotaGb: -1,
    clusterTier: 'Standard',
    systemNodesMin: 2,
    systemNodesMax: 4,
    controllerReplicas: 2,
    approvedOutboundOnly: false,
    defender: true,
    clusterBackup: true,
    servingReplicasMin: 1,
  });

  public static readonly PROD = new EnvironmentProfile({
    preventDestroy: true,
    zoneRedundant: true,
    storageReplication: 'GZRS',
    softDeleteRetentionDays: 90,
    logRetentionDays: 365,
    logDailyQuotaGb: -1,
    clusterTier: 'Standard',
    systemNodesMin: 3,
    systemNodesMax: 6,
    controllerReplicas: 2,
    approvedOutboundOnly: true,
    defender: true,
    clusterBackup: true,
    servingReplicasMin: 2,
  });

  /** The defaults of a stage. */
  public static of(stage: Stage): EnvironmentProfile {
    if (stage.strictness === Stage.PROD.strictness) return EnvironmentProfile.PROD;
    return stage.strictness === Stage.STAGING.strictness ? EnvironmentProfile.STAGING : EnvironmentProfile.DEV;
  }

  public readonly preventDestroy: boolean;
  public readonly zoneRedundant: boolean;
  public readonly storageReplication: string;
  public readonly softDeleteRetentionDays: number;
  public readonly logRetentionDays: number;
  public readonly logDailyQuotaGb: number;
  public readonly clusterTier: string;
  public readonly systemNodesMin: number;
  public readonly systemNodesMax: number;
  public readonly controllerReplicas: number;
  public readonly approvedOutboundOnly: boolean;
  public readonly defender: boolean;
  public readonly clusterBackup: boolean;
  public readonly servingReplicasMin: number;

  private constructor(values: Required<EnvironmentProfileOverrides>) {
    this.preventDestroy = values.preventDestroy;
    this.zoneRedundant = values.zoneRedundant;
    this.storageReplication = values.storageReplication;
    this.softDeleteRetentionDays = values.softDeleteRetentionDays;
    this.logRetentionDays = values.logRetentionDays;
    this.logDailyQuotaGb = values.logDailyQuotaGb;
    this.clusterTier = values.clusterTier;
    this.systemNodesMin = values.systemNodesMin;
    this.systemNodesMax = values.systemNodesMax;
    this.controllerReplicas = values.controllerReplicas;
    this.approvedOutboundOnly = values.approvedOutboundOnly;
    this.defender = values.defender;
    this.clusterBackup = values.clusterBackup;
    this.servingReplicasMin = values.servingReplicasMin;
  }

  /** The same profile with some fields changed. */
  public with(overrides: EnvironmentProfileOverrides): EnvironmentProfile {
    return new EnvironmentProfile({ ...this, ...overrides });
  }
}
