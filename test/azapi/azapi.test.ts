import { TerraformStack, Testing } from 'cdktf';
import { describe, expect, test } from 'vitest';
import { AzapiProvider, AzapiResource, AzapiResourceAction, AzapiUpdateResource, DataAzapiResource } from '../../lib/azapi';
import { schemaProblems } from '../helpers/provider-schema';
import { synth, synthesized } from '../helpers/synth';

const REGISTRY = 'Microsoft.MachineLearningServices/registries@2025-06-01';
const GROUP = '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg';

function emptyStack(): TerraformStack {
  return new TerraformStack(Testing.app(), 'Test');
}

describe('AzapiProvider', () => {
  test('asks for azapi 2.8 or a later 2.x', () => {
    const stack = emptyStack();
    new AzapiProvider(stack, 'azapi', { subscriptionId: 'sub' });
    const { provider, terraform } = synth(stack);
    expect(provider).toEqual({ azapi: [{ subscription_id: 'sub' }] });
    expect(terraform).toMatchObject({ required_providers: { azapi: { source: 'Azure/azapi', version: '~> 2.8' } } });
  });
});

describe('AzapiResource', () => {
  test('keeps the keys of the body as ARM writes them', () => {
    const stack = emptyStack();
    new AzapiResource(stack, 'Registry', {
      type: REGISTRY,
      name: 'mlr',
      parentId: GROUP,
      location: 'westeurope',
      body: { properties: { regionDetails: [{ location: 'westeurope', storageAccountDetails: [] }] } },
      identity: { type: 'SystemAssigned' },
      responseExportValues: ['properties.discoveryUrl'],
    });
    expect(synthesized(stack, 'azapi_resource.Registry')).toEqual({
      type: REGISTRY,
      name: 'mlr',
      parent_id: GROUP,
      location: 'westeurope',
      body: { properties: { regionDetails: [{ location: 'westeurope', storageAccountDetails: [] }] } },
      identity: [{ type: 'SystemAssigned' }],
      response_export_values: ['properties.discoveryUrl'],
    });
  });

  test('leaves expressions of Azure ML to Azure ML', () => {
    const stack = emptyStack();
    new AzapiResource(stack, 'Job', {
      type: 'Microsoft.MachineLearningServices/workspaces/schedules@2025-06-01',
      name: 'retrain',
      parentId: GROUP,
      body: { properties: { command: 'python train.py --data ${{inputs.data}}', args: ['${{inputs.epochs}}'] } },
    });
    expect(synthesized(stack, 'azapi_resource.Job')).toMatchObject({
      body: { properties: { command: 'python train.py --data $${{inputs.data}}', args: ['$${{inputs.epochs}}'] } },
    });
  });

  test('gives attributes and exported values as references', () => {
    const stack = emptyStack();
    const registry = new AzapiResource(stack, 'Registry', { type: REGISTRY, name: 'mlr', parentId: GROUP });
    new AzapiResource(stack, 'Child', {
      type: 'Microsoft.MachineLearningServices/registries/models@2025-06-01',
      name: 'm',
      parentId: registry.id,
      body: { properties: { url: registry.output('properties.discoveryUrl'), owner: registry.principalId } },
    });
    expect(synthesized(stack, 'azapi_resource.Child')).toMatchObject({
      parent_id: '${azapi_resource.Registry.id}',
      body: {
        properties: {
          url: '${azapi_resource.Registry.output.properties.discoveryUrl}',
          owner: '${azapi_resource.Registry.identity[0].principal_id}',
        },
      },
    });
  });

  test.each(['Microsoft.MachineLearningServices/registries', 'registries@2025-06-01', 'Microsoft.X/y@latest'])(
    'refuses the type %s and shows one that fits',
    (type) => {
      expect(() => new AzapiResource(emptyStack(), 'R', { type, name: 'r', parentId: GROUP })).toThrow(
        /API version.*fix: e\.g\. "Microsoft/s,
      );
    },
  );

  test('refuses a location that is given twice', () => {
    const config = { type: REGISTRY, name: 'r', parentId: GROUP, location: 'westeurope', body: { location: 'westeurope' } };
    expect(() => new AzapiResource(emptyStack(), 'R', config)).toThrow(/location is given twice/);
  });

  test('refuses a body that is a string', () => {
    const body = JSON.stringify({ properties: {} }) as unknown as { [key: string]: unknown };
    expect(() => new AzapiResource(emptyStack(), 'R', { type: REGISTRY, name: 'r', parentId: GROUP, body })).toThrow(
      /body is not an object.*without JSON\.stringify/s,
    );
  });
});

describe('AzapiUpdateResource', () => {
  test('merges a body into a resource by its id', () => {
    const stack = emptyStack();
    new AzapiUpdateResource(stack, 'Mode', {
      type: 'Microsoft.MachineLearningServices/workspaces@2025-06-01',
      resourceId: `${GROUP}/w`,
      body: { properties: { systemDatastoresAuthMode: 'Identity' } },
      retry: { errorMessageRegex: ['Conflict'], intervalSeconds: 5 },
    });
    expect(synthesized(stack, 'azapi_update_resource.Mode')).toMatchObject({
      resource_id: `${GROUP}/w`,
      body: { properties: { systemDatastoresAuthMode: 'Identity' } },
      retry: { error_message_regex: ['Conflict'], interval_seconds: 5 },
    });
  });
});

describe('AzapiResourceAction', () => {
  test('names action, method and moment', () => {
    const stack = emptyStack();
    new AzapiResourceAction(stack, 'Stop', {
      type: 'Microsoft.MachineLearningServices/workspaces/computes@2025-06-01',
      resourceId: `${GROUP}/c`,
      action: 'stop',
      method: 'POST',
      when: 'destroy',
    });
    expect(synthesized(stack, 'azapi_resource_action.Stop')).toMatchObject({ action: 'stop', method: 'POST', when: 'destroy' });
  });

  test.each([
    ['method', 'post'],
    ['when', 'create'],
  ])('refuses an unknown %s', (field, value) => {
    const config = { type: REGISTRY, resourceId: GROUP, [field]: value };
    expect(() => new AzapiResourceAction(emptyStack(), 'A', config)).toThrow(new RegExp(`${field} is not known.*allowed`, 's'));
  });
});

describe('DataAzapiResource', () => {
  test('reads by id', () => {
    const stack = emptyStack();
    const data = new DataAzapiResource(stack, 'Registry', { type: REGISTRY, resourceId: `${GROUP}/r`, ignoreNotFound: true });
    new AzapiResource(stack, 'Copy', { type: REGISTRY, name: 'copy', parentId: GROUP, location: data.location });
    expect(synth(stack).data?.azapi_resource?.Registry).toMatchObject({ resource_id: `${GROUP}/r`, ignore_not_found: true });
    expect(synthesized(stack, 'azapi_resource.Copy')).toMatchObject({ location: '${data.azapi_resource.Registry.location}' });
  });

  test('wants one name for what it reads', () => {
    expect(() => new DataAzapiResource(emptyStack(), 'R', { type: REGISTRY })).toThrow(/neither resourceId nor name/);
  });
});

test('what the layer writes fits the schema of the real provider', () => {
  const stack = emptyStack();
  const retry = { errorMessageRegex: ['Conflict'], intervalSeconds: 5, maxIntervalSeconds: 60 };
  const timeouts = { create: '30m', read: '5m', update: '30m', delete: '30m' };
  new AzapiProvider(stack, 'azapi', {
    subscriptionId: 's',
    tenantId: 't',
    useOidc: true,
    defaultTags: { a: 'b' },
    alias: 'other',
  });
  new AzapiResource(stack, 'Resource', {
    type: REGISTRY,
    name: 'r',
    parentId: GROUP,
    location: 'westeurope',
    body: { properties: {} },
    sensitiveBody: { properties: {} },
    sensitiveBodyVersion: { 'properties.key': '1' },
    identity: { type: 'UserAssigned', identityIds: [GROUP] },
    tags: { a: 'b' },
    responseExportValues: ['*'],
    schemaValidationEnabled: false,
    replaceTriggersExternalValues: { version: '1' },
    locks: [GROUP],
    retry,
    timeouts,
  });
  new AzapiUpdateResource(stack, 'Update', {
    type: REGISTRY,
    resourceId: GROUP,
    body: {},
    responseExportValues: ['*'],
    locks: [GROUP],
    retry,
    timeouts,
  });
  new AzapiResourceAction(stack, 'Action', {
    type: REGISTRY,
    resourceId: GROUP,
    action: 'x',
    method: 'POST',
    when: 'apply',
    body: {},
    responseExportValues: ['*'],
    locks: [GROUP],
    retry,
    timeouts,
  });
  new DataAzapiResource(stack, 'Data', {
    type: REGISTRY,
    name: 'r',
    parentId: GROUP,
    responseExportValues: ['*'],
    ignoreNotFound: true,
    retry,
  });
  expect(schemaProblems(synth(stack))).toEqual([]);
});
