/** What happens to blobs as they age. Days since a blob was last changed. */
export interface StorageLifecycleRule {
  /** 1-256 ASCII letters, digits and hyphens, unique in the account. */
  readonly name: string;
  /** Containers, or paths in them, e.g. ["datasets", "models/drafts/"]. @default - the whole account */
  readonly prefixes?: string[];
  /** Days until blobs move to the cool tier, where they stay 30 days at least. @default - never */
  readonly coolAfterDays?: number;
  /** Days until they move to the cold tier, where they stay 90 days at least. @default - never */
  readonly coldAfterDays?: number;
  /** Days until they move to the archive, from which they take hours to come back. Not with ZRS, GZRS, RAGZRS. @default - never */
  readonly archiveAfterDays?: number;
  /** Days until they are deleted. @default - never */
  readonly deleteAfterDays?: number;
  /** Days until former versions and snapshots are deleted. @default - never */
  readonly deleteVersionsAfterDays?: number;
}
