import type { Construct } from 'constructs';
import { ClusterBackup, type MlCluster } from '../cluster';
import { Environment, type IResourceGroup } from '../core';
import type { IPrivateAccess } from '../network';
import { Budget } from '../observability';
import type { PlatformBudget } from './ml-platform-props';

/** Share of the platform's budget that snapshots of disks may take. */
const SNAPSHOT_SHARE = 0.02;

export interface PlatformBackupInput {
  readonly cluster: MlCluster;
  readonly resourceGroup: IResourceGroup;
  readonly privateAccess: IPrivateAccess;
  readonly budget: PlatformBudget;
}

/** Backs the cluster up where the profile says so. Snapshots of its disks lie in a group of their own, with a budget of its own. */
export function addPlatformBackup(scope: Construct, input: PlatformBackupInput): ClusterBackup | undefined {
  if (!Environment.of(scope).profile.clusterBackup) return undefined;
  const { budget, ...rest } = input;
  const backup = new ClusterBackup(scope, 'ClusterBackup', rest);
  new Budget(scope, 'SnapshotBudget', {
    resourceGroup: backup.snapshotResourceGroup,
    startMonth: budget.startMonth,
    monthlyAmount: Math.ceil(budget.monthlyAmount * SNAPSHOT_SHARE),
  });
  return backup;
}
