import { App, TerraformStack, Testing } from 'cdktf';
import { Construct } from 'constructs';
import { describe, expect, test } from 'vitest';
import { DataClassification, Environment, EnvironmentProfile, Naming, ResourceGroup, Stage } from '../../lib/core';
import { AzureProvider } from '../../lib/core/azure-provider';
import { OWNER, synth, synthesized, testEnvironment, testStack } from '../helpers/synth';

describe('Environment', () => {
  test('surrounds every construct below the scope that it is attached to', () => {
    const app: App = Testing.app();
    const environment = testEnvironment();
    environment.attach(app);
    const deep = new Construct(new Construct(new TerraformStack(app, 'S'), 'A'), 'B');
    expect(Environment.of(deep)).toBe(environment);
  });

  test('is the nearest one where two surround', () => {
    const app: App = Testing.app();
    testEnvironment().attach(app);
    const stack = new TerraformStack(app, 'S');
    const inner = testEnvironment({ stage: Stage.DEV });
    inner.attach(stack);
    expect(Environment.of(new Construct(stack, 'A'))).toBe(inner);
  });

  test('says how to attach one where none surrounds', () => {
    const stack = new TerraformStack(Testing.app(), 'S');
    expect(() => Environment.of(new Construct(stack, 'A'))).toThrow(/S\/A: no environment surrounds.*attach\(stack\)/s);
  });

  test('tags everything with owner, cost center, classification and stage; its own tags win over the given', () => {
    expect(testEnvironment({ tags: { owner: 'nobody', region: 'emea' } }).tags).toEqual({
      project: 'contoso-ml',
      environment: 'prod',
      owner: 'ml-platform',
      'owner-contact': 'ml-platform@contoso.example',
      'cost-center': 'CC-4711',
      'data-classification': 'confidential',
      'managed-by': 'cdktf-ml-platform',
      region: 'emea',
    });
  });

  test.each([
    ['no owner', { owner: undefined }, /owner is missing.*fix: name the team/s],
    ['an owner without a team', { owner: { ...OWNER, team: ' ' } }, /owner is missing, got " "/],
    ['a contact that is no address', { owner: { ...OWNER, contact: 'ml' } }, /not a mail address, got "ml"/],
    ['no cost center', { owner: { ...OWNER, costCenter: '' } }, /costCenter of the owner is missing/],
    [
      'an unknown classification',
      { owner: { ...OWNER, dataClassification: 'secret' as DataClassification } },
      /dataClassification.*got "secret"\n {2}allowed: public, internal, confidential, restricted/,
    ],
    ['an unknown region', { location: 'West Europe' }, /got "West Europe"\n {2}allowed: ARM names such as westeurope/],
    ['a subscription that is no GUID', { subscriptionId: 'prod' }, /subscriptionId is not a GUID/],
    ['a tenant that is no GUID', { tenantId: 'contoso' }, /tenantId is not a GUID/],
  ])('refuses %s', (_, overrides, message) => {
    expect(() => testEnvironment(overrides as object)).toThrow(message);
  });

  test('keeps the full name in the tags where the name had to be shortened', () => {
    const stack = testStack();
    const environment = Environment.of(stack);
    expect(environment.name(stack, 'azurerm_virtual_network').tags).not.toHaveProperty('full-name');
    const vault = environment.name(stack, 'azurerm_key_vault', 'certificates');
    expect(vault.name).toHaveLength(24);
    expect(vault.tags['full-name']).toBe('kv-contoso-ml-prod-euw-certificates');
  });

  test('refuses a name of your own that Azure would refuse', () => {
    const stack = testStack();
    expect(() => Environment.of(stack).name(stack, 'azurerm_container_registry', undefined, 'acme-ml')).toThrow(
      /Test: name of azurerm_container_registry is not valid, got "acme-ml" \(7 characters\)\n {2}allowed: 5-50 ASCII letters and digits/,
    );
  });
});

describe('Stage', () => {
  test('is found by name, and says which there are', () => {
    expect(Stage.of('staging')).toBe(Stage.STAGING);
    expect(() => Stage.of('test')).toThrow(/got "test"\n {2}allowed: dev, staging, prod\n {2}fix: use Stage\.custom\("test"/);
  });

  test('of your own takes profile and strictness of the one it is like', () => {
    const perf = Stage.custom('perf', Stage.STAGING);
    expect(perf.strictness).toBe('staging');
    expect(EnvironmentProfile.of(perf)).toBe(EnvironmentProfile.STAGING);
  });

  test.each(['P', 'performance', 'pre-prod'])('refuses the name %s', (name) => {
    expect(() => Stage.custom(name, Stage.DEV)).toThrow(/stage name is not valid/);
  });
});

describe('EnvironmentProfile', () => {
  test('changes one field and keeps the others', () => {
    const profile = EnvironmentProfile.PROD.with({ logRetentionDays: 730 });
    expect(profile.logRetentionDays).toBe(730);
    expect(profile.preventDestroy).toBe(true);
    expect(EnvironmentProfile.PROD.logRetentionDays).toBe(365);
  });

  test('relaxes cost and redundancy in dev only', () => {
    expect(EnvironmentProfile.of(Stage.DEV)).toMatchObject({ preventDestroy: false, zoneRedundant: false, clusterTier: 'Free' });
    expect(EnvironmentProfile.of(Stage.PROD)).toMatchObject({
      preventDestroy: true,
      zoneRedundant: true,
      storageReplication: 'GZRS',
    });
  });
});

describe('Naming.check', () => {
  test('lets a value pass that only Terraform knows', () => {
    expect(() => Naming.check('x', 'azurerm_key_vault', '${TfToken[TOKEN.0]}')).not.toThrow();
  });
});

describe('ResourceGroup', () => {
  test('has name, location and tags of the environment and is protected in prod', () => {
    const stack = testStack();
    const group = new ResourceGroup(stack, 'Group', { purpose: 'data' });
    expect(synthesized(stack, 'azurerm_resource_group.Group')).toMatchObject({
      name: 'rg-contoso-ml-prod-euw-data',
      location: 'westeurope',
      tags: { owner: 'ml-platform' },
      lifecycle: { prevent_destroy: true },
    });
    expect(group.armId).toBe('/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-contoso-ml-prod-euw-data');
  });

  test('may be one that exists: nothing is made', () => {
    const stack = testStack();
    const group = ResourceGroup.fromName(stack, 'Group', 'rg-hub');
    expect(group.resourceGroupName).toBe('rg-hub');
    expect(group.armId).toMatch(/\/resourceGroups\/rg-hub$/);
    expect(synth(stack)).not.toHaveProperty('resource');
  });
});

describe('AzureProvider', () => {
  test('uses identities only and purges nothing in prod', () => {
    const stack = testStack();
    AzureProvider.attach(stack, testEnvironment());
    AzureProvider.attach(stack, testEnvironment());
    expect(synth(stack).provider?.azurerm).toHaveLength(1);
    expect(synth(stack).provider?.azurerm?.[0]).toMatchObject({
      storage_use_azuread: true,
      resource_provider_registrations: 'none',
      features: [
        {
          key_vault: [{ purge_soft_delete_on_destroy: false }],
          machine_learning: [{ purge_soft_deleted_workspace_on_destroy: false }],
          resource_group: [{ prevent_deletion_if_contains_resources: true }],
        },
      ],
    });
  });

  test('frees the name of a workspace in dev', () => {
    const stack = testStack({ stage: Stage.DEV });
    AzureProvider.attach(stack, Environment.of(stack));
    expect(synth(stack).provider?.azurerm?.[0]).toMatchObject({
      features: [
        {
          machine_learning: [{ purge_soft_deleted_workspace_on_destroy: true }],
          key_vault: [{ purge_soft_delete_on_destroy: false }],
        },
      ],
    });
  });
});
