import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Naming } from '../../lib/core';
import { NAMING_RULES } from '../../lib/core/naming-rules';

const contoso = { project: 'contoso-ml', stage: 'prod', region: 'euw', salt: '00000000-0000-0000-0000-000000000001' };

describe('Naming', () => {
  test('follows the Cloud Adoption Framework', () => {
    expect(new Naming(contoso).name('azurerm_machine_learning_workspace')).toBe('mlw-contoso-ml-prod-euw');
    expect(new Naming(contoso).name('azurerm_subnet', 'gpu')).toBe('snet-contoso-ml-prod-euw-gpu');
  });

  test('shortens a name that does not fit and keeps it apart by a hash', () => {
    const models = new Naming(contoso).name('azurerm_storage_account', 'models');
    const datasets = new Naming(contoso).name('azurerm_storage_account', 'datasets');
    expect(models).toMatch(/^stcontosomlprod[a-z0-9]{4,}$/);
    expect(models).not.toBe(datasets);
  });

  test('keeps globally unique names of two subscriptions apart', () => {
    const other = { ...contoso, salt: '00000000-0000-0000-0000-000000000002' };
    expect(new Naming(contoso).name('azurerm_key_vault')).not.toBe(new Naming(other).name('azurerm_key_vault'));
  });

  test('says which rule is missing for a type it does not know, and the nearest ones', () => {
    expect(() => new Naming(contoso).name('azurerm_key_valt')).toThrow(/no naming rule.*azurerm_key_vault/s);
  });

  test.each(['Contoso', 'ab', 'a--b', '1ml', 'contoso-ml-platform-of-europe'])('refuses the project %s', (project) => {
    expect(() => new Naming({ ...contoso, project })).toThrow(/project is not valid.*3-20 lower-case/s);
  });

  test('makes names that Azure accepts, the same each time, for any project, stage, region and purpose', () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9]{1,6}$/);
    const project = fc.tuple(word, word, word).map((words) => words.join('-').slice(0, 20).replace(/-$/, ''));
    const purpose = fc.option(fc.stringMatching(/^[a-z][a-z0-9]{0,11}$/), { nil: undefined });
    fc.assert(
      fc.property(project, word, word, fc.uuid(), purpose, (name, stage, region, salt, why) => {
        const naming = () => new Naming({ project: name, stage, region, salt });
        for (const type of Object.keys(NAMING_RULES)) {
          const made = naming().name(type, why);
          Naming.check('property', type, made);
          expect(naming().name(type, why)).toBe(made);
        }
      }),
    );
  });
});
