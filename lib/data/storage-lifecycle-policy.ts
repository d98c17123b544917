import type { StorageManagementPolicyRule } from '@cdktf/provider-azurerm/lib/storage-management-policy';
import { ConfigurationError } from '../core/configuration-error';
import type { StorageLifecycleRule } from './storage-lifecycle';

const WITHOUT_ARCHIVE = ['ZRS', 'GZRS', 'RAGZRS'];

/**
 * A rule as azurerm takes it.
 * @throws when it does nothing, its steps come in the wrong order, or the account has no archive
 */
export function lifecyclePolicyRule(path: string, rule: StorageLifecycleRule, replication: string): StorageManagementPolicyRule {
  const steps = [
    ['coolAfterDays', rule.coolAfterDays],
    ['coldAfterDays', rule.coldAfterDays],
    ['archiveAfterDays', rule.archiveAfterDays],
    ['deleteAfterDays', rule.deleteAfterDays],
  ] as const;
  const given = steps.flatMap(([step, days]) => (days === undefined ? [] : [{ step, days }]));
  if (given.length === 0 && rule.deleteVersionsAfterDays === undefined) {
    throw new ConfigurationError(path, {
      what: `lifecycle rule ${rule.name} does nothing`,
      allowed: [...steps.map(([step]) => step), 'deleteVersionsAfterDays'].join(', '),
      fix: 'give one of them, or drop the rule',
    });
  }
  const late = given.find(({ days }, index) => index > 0 && days <= (given[index - 1]?.days ?? 0));
  if (late) {
    throw new ConfigurationError(path, {
      what: `lifecycle rule ${rule.name} has its steps in the wrong order`,
      got: given.map(({ step, days }) => `${step} ${days}`).join(', '),
      allowed: 'cool before cold before archive before delete',
      fix: `raise ${late.step}`,
    });
  }
  if (rule.archiveAfterDays !== undefined && WITHOUT_ARCHIVE.includes(replication)) {
    throw new ConfigurationError(path, {
      what: `lifecycle rule ${rule.name} uses the archive, which zone-redundant accounts do not have`,
      got: replication,
      allowed: 'LRS, GRS, RAGRS with an archive; coldAfterDays with any replication',
      fix: 'use coldAfterDays, or replicate by GRS',
    });
  }
  const days = rule.deleteVersionsAfterDays;
  return {
    name: rule.name,
    enabled: true,
    filters: { blobTypes: ['blockBlob'], prefixMatch: rule.prefixes },
    actions: {
      baseBlob:
        given.length === 0
          ? undefined
          : {
              tierToCoolAfterDaysSinceModificationGreaterThan: rule.coolAfterDays,
              tierToColdAfterDaysSinceModificationGreaterThan: rule.coldAfterDays,
              tierToArchiveAfterDaysSinceModificationGreaterThan: rule.archiveAfterDays,
              deleteAfterDaysSinceModificationGreaterThan: rule.deleteAfterDays,
            },
      version: days === undefined ? undefined : { deleteAfterDaysSinceCreation: days },
      snapshot: days === undefined ? undefined : { deleteAfterDaysSinceCreationGreaterThan: days },
    },
  };
}
