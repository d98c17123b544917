import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BuiltInRole, CustomRole, type CustomRoleProps, ManagedIdentity, Principal, RoleGrant } from '../../lib/identity';
import { azureStack } from '../helpers/azure';
import { schemaProblems } from '../helpers/provider-schema';
import { resourcesOf, synth } from '../helpers/synth';

const ID = '22222222-2222-2222-2222-222222222222';
const SCOPE = '/subscriptions/s/resourceGroups/g';

describe('built-in roles', () => {
  const facts = JSON.parse(readFileSync(join(__dirname, '../fixtures/facts/built-in-roles.json'), 'utf8')) as {
    roles: Record<string, string>;
  };
  const roles = Object.entries(BuiltInRole).flatMap(([key, role]) => (role instanceof BuiltInRole ? [[key, role] as const] : []));

  test.each(roles)('%s has the id that Azure gave it', (_, role) => {
    expect(facts.roles[role.roleName]).toBe(role.roleId);
  });

  test('include neither Owner nor Contributor', () => {
    expect(
      roles
        .map(([, role]) => role.roleName)
        .filter((name) => ['Owner', 'Contributor', 'User Access Administrator'].includes(name)),
    ).toEqual([]);
  });
});

describe('RoleGrant', () => {
  test('has the same name each time, so that a lost state finds its assignments again', () => {
    const name = () => {
      const { stack } = azureStack();
      RoleGrant.on(stack, { principal: Principal.group('a', ID), role: BuiltInRole.READER, resourceId: SCOPE, armId: SCOPE });
      return resourcesOf(stack, 'azurerm_role_assignment')[0]?.name;
    };
    expect(name()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(name()).toBe(name());
  });

  test('skips the check in Entra for identities made in the same breath, and only for them', () => {
    const { stack, resourceGroup } = azureStack();
    const made = new ManagedIdentity(stack, 'Made', { resourceGroup, purpose: 'made' });
    const imported = ManagedIdentity.fromAttributes(stack, 'Theirs', {
      identityId: `${SCOPE}/id-theirs`,
      principalId: ID,
      clientId: ID,
    });
    const principals = [made, imported, Principal.servicePrincipal('ci', ID), Principal.group('team', ID)];
    for (const principal of principals)
      RoleGrant.on(stack, { principal, role: BuiltInRole.READER, resourceId: SCOPE, armId: SCOPE });
    const skipping = Object.entries(synth(stack).resource?.azurerm_role_assignment ?? {}).filter(
      ([, grant]) => grant.skip_service_principal_aad_check === true,
    );
    expect(skipping.map(([address]) => address)).toEqual([expect.stringMatching(/Reader-made/)]);
  });
});

describe('ManagedIdentity that exists', () => {
  test('is used by its ids, and nothing of it is made', () => {
    const { stack } = azureStack();
    const identity = ManagedIdentity.fromAttributes(stack, 'Theirs', {
      identityId: `${SCOPE}/id-theirs`,
      principalId: ID,
      clientId: ID,
    });
    expect([identity.identityName, identity.armId, identity.principalName]).toEqual([
      'id-theirs',
      `${SCOPE}/id-theirs`,
      'id-theirs',
    ]);
    expect(Object.keys(synth(stack).resource ?? {})).toEqual(['azurerm_resource_group']);
  });
});

describe('Principal', () => {
  test.each([
    ['Risk ML', ID, /name of the principal is not valid, got "Risk ML"/],
    ['risk-ml', 'risk-ml', /object id of risk-ml is not a GUID.*az ad group show/s],
  ])('refuses %s with object id %s', (name, objectId, message) => {
    for (const make of [Principal.group, Principal.user, Principal.servicePrincipal])
      expect(() => make(name, objectId)).toThrow(message);
  });
});

describe('CustomRole', () => {
  function testRole(overrides: Partial<CustomRoleProps> = {}) {
    const { stack } = azureStack();
    const actions = ['Microsoft.MachineLearningServices/workspaces/jobs/*'];
    const props = { roleName: 'Job runner', scopeId: SCOPE, scopeArmId: SCOPE, actions, ...overrides };
    return { stack, role: new CustomRole(stack, 'Role', props) };
  }

  test('is defined at its scope, and granted once it is there', () => {
    const { stack, role } = testRole();
    RoleGrant.on(stack, { principal: Principal.group('team', ID), role, resourceId: SCOPE, armId: SCOPE });
    expect(resourcesOf(stack, 'azurerm_role_definition')).toEqual([
      expect.objectContaining({
        name: 'Job runner',
        role_definition_id: role.roleId,
        assignable_scopes: [SCOPE],
        permissions: [{ actions: ['Microsoft.MachineLearningServices/workspaces/jobs/*'] }],
      }),
    ]);
    expect(resourcesOf(stack, 'azurerm_role_assignment')[0]?.role_definition_id).toBe(
      '${azurerm_role_definition.Role.role_definition_resource_id}',
    );
    expect(schemaProblems(synth(stack))).toEqual([]);
  });

  test.each([
    [['*'], /allows too much, got \*/],
    [['Microsoft.Authorization/roleAssignments/write'], /allows too much/],
    [[], /allows nothing/],
  ])('refuses the actions %j', (actions, message) => {
    expect(() => testRole({ actions })).toThrow(message);
  });

  test('cannot be defined for a single resource', () => {
    expect(() => testRole({ scopeArmId: `${SCOPE}/providers/Microsoft.KeyVault/vaults/kv` })).toThrow(
      /cannot be defined at this scope.*resource group/s,
    );
  });
});
