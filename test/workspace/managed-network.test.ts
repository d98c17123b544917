import { AzurermProvider, type AzurermProviderFeatures } from '@cdktf/provider-azurerm/lib/provider';
import { describe, expect, test } from 'vitest';
import { AzapiProvider } from '../../lib/azapi';
import { DataClassification, Stage } from '../../lib/core';
import { EncryptionKey } from '../../lib/data';
import { Principal } from '../../lib/identity';
import { PrivateService, Subnet } from '../../lib/network';
import { ManagedNetworkIsolation, ManagedNetworkRule, MlWorkspace, type MlWorkspaceProps } from '../../lib/workspace';
import { armProblems } from '../helpers/arm-schema';
import { azureStack, testWorkspace, workspaceParts } from '../helpers/azure';
import { schemaProblems } from '../helpers/provider-schema';
import { OWNER, resourcesOf, synth, synthesized } from '../helpers/synth';

const WORKSPACE = 'azurerm_machine_learning_workspace.Workspace';
const SEARCH = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Search/searchServices/srch';
const VAULT = '/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/kv';

function subnet(props: Partial<MlWorkspaceProps> = {}) {
  const azure = azureStack();
  const serverlessSubnet = Subnet.fromId(azure.stack, 'Compute', '/subscriptions/s/subnets/compute');
  return {
    azure,
    make: () => new MlWorkspace(azure.stack, 'Workspace', { ...workspaceParts(azure), serverlessSubnet, ...props }),
  };
}

describe('outbound rules of a managed network', () => {
  test('name hosts, services and private resources', () => {
    const { stack } = testWorkspace({
      outboundRules: {
        pypi: ManagedNetworkRule.fqdn('pypi.org'),
        registries: ManagedNetworkRule.serviceTag('AzureContainerRegistry', { ports: '443,8443' }),
        vault: ManagedNetworkRule.privateEndpoint(VAULT, PrivateService.KEY_VAULT, true),
        search: ManagedNetworkRule.privateEndpoint(SEARCH, PrivateService.AI_SEARCH),
      },
    });
    const rule = 'azurerm_machine_learning_workspace_network_outbound_rule';
    expect(resourcesOf(stack, `${rule}_fqdn`)).toEqual([expect.objectContaining({ name: 'pypi', destination_fqdn: 'pypi.org' })]);
    expect(resourcesOf(stack, `${rule}_service_tag`)).toEqual([
      expect.objectContaining({ service_tag: 'AzureContainerRegistry', protocol: 'TCP', port_ranges: '443,8443' }),
    ]);
    expect(resourcesOf(stack, `${rule}_private_endpoint`)).toEqual([
      expect.objectContaining({ service_resource_id: VAULT, sub_resource_target: 'vault', spark_enabled: true }),
    ]);
    expect(resourcesOf(stack, 'azapi_resource')).toEqual([
      expect.objectContaining({
        type: 'Microsoft.MachineLearningServices/workspaces/outboundRules@2025-06-01',
        body: {
          properties: expect.objectContaining({
            destination: { serviceResourceId: SEARCH, subresourceTarget: 'searchService', sparkEnabled: false },
          }),
        },
      }),
    ]);
    expect(schemaProblems(synth(stack))).toEqual([]);
    expect(armProblems(synth(stack))).toEqual([]);
  });

  test.each(['https://pypi.org', 'pypi.org:443', 'pypi'])('refuses %s as a host', (host) => {
    expect(() => ManagedNetworkRule.fqdn(host)).toThrow(/not a host that a rule can name/);
  });

  test('refuses storage by host name', () => {
    expect(() => ManagedNetworkRule.fqdn('st.blob.core.windows.net')).toThrow(/storage cannot be reached.*privateEndpoint/s);
  });

  test.each([
    ['azuremonitor', /service tag is not known.*AzureMonitor/s],
    ['AzureDevOps', /service tag is not known/],
    ['Storage.westeurope', /service tag is not known.*Storage/s],
  ])('refuses the service tag %s', (tag, message) => {
    expect(() => ManagedNetworkRule.serviceTag(tag)).toThrow(message);
  });

  test('refuses a protocol that there is none of', () => {
    expect(() => ManagedNetworkRule.serviceTag('Sql', { protocol: 'HTTP' })).toThrow(/protocol is not known, got "HTTP"/);
  });

  test('refuses rules without effect', () => {
    const outboundRules = { pypi: ManagedNetworkRule.fqdn('pypi.org') };
    const isolation = ManagedNetworkIsolation.ALLOW_INTERNET_OUTBOUND;
    expect(() => testWorkspace({ outboundRules, isolation })).toThrow(/pypi has no effect with this isolation.*no way back/s);
    const vault = { vault: ManagedNetworkRule.privateEndpoint(VAULT, PrivateService.KEY_VAULT) };
    expect(() => testWorkspace({ outboundRules: vault, isolation })).not.toThrow();
  });

  test('refuses a name that Azure would not take', () => {
    expect(() => testWorkspace({ outboundRules: { a: ManagedNetworkRule.fqdn('pypi.org') } })).toThrow(/3-33 ASCII/);
  });
});

describe('isolation', () => {
  test('goes with a subnet of the customer only where there is no managed network', () => {
    const { azure, make } = subnet({ isolation: ManagedNetworkIsolation.DISABLED });
    make();
    expect(synthesized(azure.stack, WORKSPACE)).toMatchObject({
      managed_network: { isolation_mode: 'Disabled' },
      serverless_compute: { subnet_id: '/subscriptions/s/subnets/compute', public_ip_enabled: false },
    });
    expect(() => subnet().make()).toThrow(/serverlessSubnet does not go with this isolation.*cannot be turned off/s);
  });

  test.each([
    ['provisionNetwork', { provisionNetwork: true }],
    ['outboundRules', { outboundRules: { pypi: ManagedNetworkRule.fqdn('pypi.org') } }],
  ])('Disabled does not go with %s', (field, props) => {
    expect(() => testWorkspace({ isolation: ManagedNetworkIsolation.DISABLED, ...props })).toThrow(
      new RegExp(`${field} does not go with this isolation`),
    );
  });

  test('can be built at once', () => {
    expect(synthesized(testWorkspace({ provisionNetwork: true }).stack, WORKSPACE).managed_network).toMatchObject({
      provision_on_creation_enabled: true,
    });
  });
});

describe('a workspace with more to do', () => {
  test('keeps features', () => {
    const { stack } = testWorkspace({ featureStore: { sparkRuntimeVersion: '3.5' }, purpose: 'features' });
    expect(synthesized(stack, WORKSPACE)).toMatchObject({
      name: 'mlw-contoso-ml-prod-euw-features',
      kind: 'FeatureStore',
      feature_store: { computer_spark_runtime_version: '3.5' },
    });
    expect(schemaProblems(synth(stack))).toEqual([]);
  });

  test('encrypts with a key of the customer, whose identity it takes on', () => {
    const azure = azureStack();
    const parts = workspaceParts(azure);
    const { resourceGroup, keyVault } = parts;
    const encryptionKey = new EncryptionKey(azure.stack, 'Key', { resourceGroup, keyVault, purpose: 'workspace' });
    new MlWorkspace(azure.stack, 'Workspace', { ...parts, encryptionKey });
    const workspace = synthesized(azure.stack, WORKSPACE);
    expect(workspace.encryption).toEqual({
      key_vault_id: '${azurerm_key_vault.Vault.id}',
      key_id: '${azapi_resource_action.Key.output.properties.keyUriWithVersion}',
      user_assigned_identity_id: expect.stringMatching(/azurerm_user_assigned_identity\.Key_Identity/),
    });
    expect((workspace.identity as { identity_ids: string[] }).identity_ids).toHaveLength(2);
    expect(workspace.depends_on).toContain('azapi_resource_action.Key');
    expect(schemaProblems(synth(azure.stack))).toEqual([]);
  });

  test('lets Microsoft collect less where data is restricted', () => {
    const restricted = { owner: { ...OWNER, dataClassification: DataClassification.RESTRICTED } };
    expect(synthesized(testWorkspace({}, restricted).stack, WORKSPACE).high_business_impact).toBe(true);
    expect(synthesized(testWorkspace().stack, WORKSPACE).high_business_impact).toBe(false);
  });

  test('builds images on a cluster of its own', () => {
    expect(synthesized(testWorkspace({ imageBuildCompute: 'cc-images' }).stack, WORKSPACE).image_build_compute_name).toBe(
      'cc-images',
    );
  });

  test('lets its identity see the private endpoints of its storage', () => {
    const { stack } = testWorkspace();
    const readers = resourcesOf(stack, 'azurerm_role_assignment').filter((grant) =>
      /acdd72a7/.test(String(grant.role_definition_id)),
    );
    expect(readers.map((grant) => grant.scope)).toEqual([
      expect.stringMatching(/azurerm_private_endpoint\.Storage_PrivateEndpoint-blob_\w+\.id/),
      expect.stringMatching(/azurerm_private_endpoint\.Storage_PrivateEndpoint-file_\w+\.id/),
    ]);
  });

  test('lets a pipeline deploy and do nothing else, by a role of its own, made once', () => {
    const { stack, workspace } = testWorkspace();
    for (const name of ['ci', 'cd']) {
      workspace.grantDeployment(Principal.servicePrincipal(name, '22222222-2222-2222-2222-222222222222'));
    }
    const [role, ...others] = resourcesOf(stack, 'azurerm_role_definition');
    expect(others).toEqual([]);
    expect(role?.permissions).toEqual([
      { actions: expect.arrayContaining(['Microsoft.MachineLearningServices/workspaces/onlineEndpoints/*']) },
    ]);
    expect(JSON.stringify(role?.permissions)).not.toMatch(/jobs|computes/);
    expect(role?.scope).toMatch(/resourceGroups\/\$\{azurerm_resource_group\.Group\.name\}$/);
  });

  test('lets somebody read the secrets of connections', () => {
    const { stack, workspace } = testWorkspace();
    workspace.grantConnectionSecrets(Principal.group('risk-ml', '22222222-2222-2222-2222-222222222222'));
    const roles = resourcesOf(stack, 'azurerm_role_assignment').map((grant) => String(grant.role_definition_id));
    expect(roles.filter((role) => role.endsWith('ea01e6af-a1c1-4350-9563-ad00f8c72ec5'))).toHaveLength(1);
  });
});

describe('a managed network that is there already', () => {
  test.each([
    [ManagedNetworkIsolation.ALLOW_INTERNET_OUTBOUND, '["", "Disabled", "AllowInternetOutbound"]'],
    [ManagedNetworkIsolation.DISABLED, '["", "Disabled"]'],
  ])('stops the plan when it would have to become %s', (isolation, reachedFrom) => {
    const { stack, workspace } = testWorkspace({ isolation });
    const [precondition] = (synthesized(stack, WORKSPACE).lifecycle as { precondition: Record<string, string>[] }).precondition;
    expect(precondition?.condition).toMatch(/^\$\{contains\(\[.*\], try\(data\.azapi_resource\..*isolationMode, ""\)\)\}$/);
    expect(precondition?.condition).toContain(reachedFrom);
    expect(precondition?.error_message).toMatch(/neither turns one off nor opens it again/);
    expect(Object.values(synth(stack).data?.azapi_resource ?? {})).toEqual([
      expect.objectContaining({ resource_id: workspace.armId, ignore_not_found: true }),
    ]);
    expect(schemaProblems(synth(stack))).toEqual([]);
  });

  test('can always be closed: nothing is read', () => {
    const { stack } = testWorkspace({ isolation: ManagedNetworkIsolation.ALLOW_ONLY_APPROVED_OUTBOUND });
    expect(synth(stack).data).toBeUndefined();
    expect(synthesized(stack, WORKSPACE).lifecycle).toEqual({ prevent_destroy: true });
  });
});

describe('a workspace that may be destroyed', () => {
  function warnings(stage: Stage, features: AzurermProviderFeatures) {
    const { stack, workspace } = testWorkspace({}, { stage });
    new AzurermProvider(stack, 'azurerm', { features: [features] });
    new AzapiProvider(stack, 'azapi');
    synth(stack, true);
    return workspace.node.metadata.filter(({ type }) => type === '@cdktf/warn').map(({ data }) => String(data));
  }

  test('warns that its name is taken for a while, unless the provider purges it', () => {
    expect(warnings(Stage.DEV, {})).toEqual([expect.stringMatching(/mlw-contoso-ml-dev-euw.*14 days.*purge_soft_deleted/s)]);
    expect(warnings(Stage.DEV, { machineLearning: [{ purgeSoftDeletedWorkspaceOnDestroy: true }] })).toEqual([]);
    expect(warnings(Stage.PROD, {})).toEqual([]);
  });
});
