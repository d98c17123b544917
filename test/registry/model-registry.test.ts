import { describe, expect, test } from 'vitest';
import { Principal } from '../../lib/identity';
import { ModelRegistry, type ModelRegistryProps } from '../../lib/registry';
import { armProblems } from '../helpers/arm-schema';
import { azureStack } from '../helpers/azure';
import { schemaProblems } from '../helpers/provider-schema';
import { resourcesOf, synth, synthesized } from '../helpers/synth';

const TEAM = Principal.group('risk-ml', '22222222-2222-2222-2222-222222222222');

function testRegistry(overrides: Partial<ModelRegistryProps> = {}) {
  const azure = azureStack();
  const { stack, resourceGroup } = azure;
  return { ...azure, registry: new ModelRegistry(stack, 'Models', { resourceGroup, ...overrides }) };
}

describe('ModelRegistry', () => {
  test('is closed to the public network, with what stands behind it', () => {
    const { stack } = testRegistry({ additionalRegions: ['northeurope'] });
    const region = (location: string) => ({
      location,
      acrDetails: [{ systemCreatedAcrAccount: { acrAccountSku: 'Premium' } }],
      storageAccountDetails: [
        {
          systemCreatedStorageAccount: {
            storageAccountType: 'Standard_GZRS',
            storageAccountHnsEnabled: false,
            allowBlobPublicAccess: false,
          },
        },
      ],
    });
    expect(synthesized(stack, 'azapi_resource.Models')).toMatchObject({
      type: 'Microsoft.MachineLearningServices/registries@2025-06-01',
      location: 'westeurope',
      body: { properties: { publicNetworkAccess: 'Disabled', regionDetails: [region('westeurope'), region('northeurope')] } },
    });
  });

  test('refuses a region twice: none can be taken away again', () => {
    expect(() => testRegistry({ additionalRegions: ['westeurope'] })).toThrow(/names a region twice, got westeurope/);
  });

  test('gives a network endpoints to itself and to the storage and images behind it', () => {
    const { stack, registry, privateAccess } = testRegistry();
    registry.connect(stack, privateAccess);
    const connections = resourcesOf(stack, 'azurerm_private_endpoint').map((endpoint) => endpoint.private_service_connection);
    expect(connections).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ subresource_names: ['amlregistry'] }),
        expect.objectContaining({
          subresource_names: ['blob'],
          private_connection_resource_id: expect.stringMatching(/^\$\{data\.azapi_resource\..*systemCreatedStorageAccount/),
        }),
        expect.objectContaining({ subresource_names: ['registry'] }),
      ]),
    );
  });

  test('does so at once where it stands in a network', () => {
    const azure = azureStack();
    const { stack, resourceGroup, privateAccess } = azure;
    new ModelRegistry(stack, 'Models', { resourceGroup, privateAccess });
    expect(resourcesOf(stack, 'azurerm_private_endpoint')).toHaveLength(3);
  });

  test('keeps versions of models, each model once', () => {
    const { stack, registry } = testRegistry();
    const from = 'azureml://locations/westeurope/workspaces/ws/models/fraud/versions';
    registry.addModel('Fraud7', { modelName: 'fraud', version: '7', modelUri: `${from}/7` });
    registry.addModel('Fraud8', { modelName: 'fraud', version: '8', modelUri: `${from}/8`, modelType: 'custom_model' });
    const types = resourcesOf(stack, 'azapi_resource').map((resource) => String(resource.type).replace(/.*registries/, ''));
    expect(types.sort()).toEqual([
      '/models/versions@2025-06-01',
      '/models/versions@2025-06-01',
      '/models@2025-06-01',
      '@2025-06-01',
    ]);
    expect(armProblems(synth(stack))).toEqual([]);
    expect(schemaProblems(synth(stack))).toEqual([]);
  });

  test('names its assets as jobs and deployments do', () => {
    const { registry } = testRegistry({ modelRegistryName: 'contoso-models' });
    expect(registry.modelUri('fraud', '7')).toBe('azureml://registries/contoso-models/models/fraud/versions/7');
    expect(registry.environmentUri('sklearn', '3')).toBe('azureml://registries/contoso-models/environments/sklearn/versions/3');
    expect(registry.componentUri('train', '2')).toBe('azureml://registries/contoso-models/components/train/versions/2');
  });

  test.each([
    [{ modelName: 'fraud', version: 'a b' }, /version is not valid, got "a b"/],
    [{ modelName: '-fraud', version: '1' }, /modelName is not valid/],
    [{ modelName: 'fraud', version: '1', modelType: 'onnx' }, /modelType is not known, got "onnx".*mlflow_model/s],
  ])('refuses the model %o', (model, message) => {
    expect(() => testRegistry().registry.addModel('Model', { modelUri: 'azureml://x', ...model })).toThrow(message);
  });

  test.each([
    ['grantUse', '1823dd4f-9b8c-4ab6-ab4e-7397a3684615'],
    ['grantRead', 'acdd72a7-3385-48ef-bd42-f606fba81ae7'],
  ] as const)('%s gives the role on this registry alone', (verb, role) => {
    const { stack, registry } = testRegistry();
    registry[verb](TEAM);
    expect(resourcesOf(stack, 'azurerm_role_assignment')).toEqual([
      expect.objectContaining({ scope: '${azapi_resource.Models.id}', role_definition_id: expect.stringContaining(role) }),
    ]);
  });

  test('that exists is used by id, and nothing of it is made', () => {
    const { stack } = azureStack();
    const id = '/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/registries/models';
    const registry = ModelRegistry.fromId(stack, 'Models', id);
    expect([registry.modelRegistryId, registry.armId, registry.modelRegistryName]).toEqual([id, id, 'models']);
    expect(Object.keys(synth(stack).resource ?? {})).toEqual(['azurerm_resource_group']);
  });
});
