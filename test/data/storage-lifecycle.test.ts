import { describe, expect, test } from 'vitest';
import { Stage } from '../../lib/core';
import { MlStorage, type MlStorageProps } from '../../lib/data';
import { azureStack } from '../helpers/azure';
import { schemaProblems } from '../helpers/provider-schema';
import { resourcesOf, synth } from '../helpers/synth';

function testStorage(overrides: Partial<MlStorageProps> = {}) {
  const azure = azureStack({ stage: Stage.DEV });
  const { stack, resourceGroup, privateAccess } = azure;
  const storage = new MlStorage(stack, 'Storage', { resourceGroup, privateAccess, storageName: 'stcontoso', ...overrides });
  return { ...azure, storage };
}

describe('what storage does with blobs as they age', () => {
  test('deletes former versions after the days of the profile', () => {
    const { stack } = testStorage();
    expect(resourcesOf(stack, 'azurerm_storage_management_policy')).toEqual([
      expect.objectContaining({
        rule: [
          expect.objectContaining({
            name: 'former-versions',
            enabled: true,
            actions: {
              version: { delete_after_days_since_creation: 7 },
              snapshot: { delete_after_days_since_creation_greater_than: 7 },
            },
          }),
        ],
      }),
    ]);
  });

  test('moves and deletes by rules of your own', () => {
    const rule = { name: 'old-datasets', prefixes: ['datasets'], coolAfterDays: 30, archiveAfterDays: 180, deleteAfterDays: 730 };
    const { stack } = testStorage({ lifecycleRules: [rule] });
    const [policy] = resourcesOf(stack, 'azurerm_storage_management_policy');
    expect(policy?.rule).toContainEqual({
      name: 'old-datasets',
      enabled: true,
      filters: { blob_types: ['blockBlob'], prefix_match: ['datasets'] },
      actions: {
        base_blob: {
          tier_to_cool_after_days_since_modification_greater_than: 30,
          tier_to_archive_after_days_since_modification_greater_than: 180,
          delete_after_days_since_modification_greater_than: 730,
        },
      },
    });
    expect(schemaProblems(synth(stack))).toEqual([]);
  });

  test('has no rule for versions in a data lake, which has none', () => {
    const { stack } = testStorage({ hierarchicalNamespace: true });
    expect(resourcesOf(stack, 'azurerm_storage_management_policy')).toEqual([]);
  });

  test.each([
    ['that does nothing', { name: 'idle' }, 'LRS', /rule idle does nothing.*coolAfterDays/s],
    [
      'in the wrong order',
      { name: 'back', coolAfterDays: 90, deleteAfterDays: 30 },
      'LRS',
      /wrong order, got coolAfterDays 90, deleteAfterDays 30/,
    ],
    ['with an archive that ZRS lacks', { name: 'old', archiveAfterDays: 90 }, 'ZRS', /uses the archive.*got ZRS.*coldAfterDays/s],
  ])('refuses a rule %s', (_, rule, replication, message) => {
    expect(() => testStorage({ lifecycleRules: [rule], replication })).toThrow(message);
  });
});

describe('containers', () => {
  test('keep blobs unchanged for as long as asked', () => {
    const { stack, storage } = testStorage();
    storage.addContainer('audit', { immutabilityDays: 365 });
    expect(resourcesOf(stack, 'azurerm_storage_container_immutability_policy')).toEqual([
      expect.objectContaining({
        immutability_period_in_days: 365,
        locked: false,
        storage_container_resource_manager_id: expect.stringMatching(
          /azurerm_storage_container\.Storage_Container-audit_\w+\.id/,
        ),
      }),
    ]);
    expect(schemaProblems(synth(stack))).toEqual([]);
  });

  test('refuse a time that Azure does not offer', () => {
    expect(() => testStorage().storage.addContainer('audit', { immutabilityDays: 0 })).toThrow(/out of range, got 0.*1-146000/s);
  });

  test('serve as a DVC remote, where everybody signs in as themselves', () => {
    const { storage } = testStorage({ containers: ['dvc'] });
    expect(storage.dvcRemote('dvc', 'fraud')).toBe(
      `['remote "azure"']\n    url = azure://dvc/fraud\n    account_name = stcontoso\n`,
    );
    expect(() => storage.dvcRemote('dcv')).toThrow(/no such container, got "dcv".*dvc/s);
  });
});

describe('limits of storage', () => {
  test.each([
    [{ softDeleteRetentionDays: 0 }, /softDeleteRetentionDays is out of range, got 0.*1-365/s],
    [{ versionRetentionDays: 366 }, /versionRetentionDays is out of range, got 366/],
    [{ replication: 'LZRS' }, /replication is not known, got "LZRS".*GZRS/s],
  ])('%o is refused', (props, message) => {
    expect(() => testStorage(props)).toThrow(message);
  });
});
