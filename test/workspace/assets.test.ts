import { describe, expect, test } from 'vitest';
import { MlStorage } from '../../lib/data';
import {
  Connection,
  ConnectionAuth,
  type ConnectionProps,
  Datastore,
  type DatastoreProps,
  MlComponent,
  MlEnvironment,
} from '../../lib/workspace';
import { armProblems } from '../helpers/arm-schema';
import { testWorkspace } from '../helpers/azure';
import { schemaProblems } from '../helpers/provider-schema';
import { resourcesOf, synth, synthesized } from '../helpers/synth';

const IMAGE = 'mcr.microsoft.com/azureml/minimal:1';

describe('MlEnvironment', () => {
  const version = (condaFile: string) => {
    const { stack, workspace } = testWorkspace();
    return new MlEnvironment(stack, 'Sklearn', { workspace, environmentName: 'sklearn', image: IMAGE, condaFile }).version;
  };

  test('gets a new version when its content changes, and only then', () => {
    expect(version('numpy=2')).toBe(version('numpy=2'));
    expect(version('numpy=2')).not.toBe(version('numpy=3'));
    expect(version('numpy=2')).toMatch(/^[0-9a-f]{12}$/);
  });

  test('is made as a version of a container that is there first', () => {
    const { stack, workspace } = testWorkspace();
    const route = { path: '/score', port: 8080 };
    const environment = new MlEnvironment(stack, 'Triton', {
      workspace,
      environmentName: 'triton',
      image: IMAGE,
      scoringRoute: route,
    });
    expect(synthesized(stack, 'azapi_resource.Triton')).toMatchObject({
      name: environment.version,
      parent_id: expect.stringMatching(/azapi_resource\.Triton_Container_\w+\.id/),
      body: {
        properties: {
          image: IMAGE,
          osType: 'Linux',
          autoRebuild: 'Disabled',
          inferenceConfig: { scoringRoute: route, livenessRoute: route, readinessRoute: route },
        },
      },
    });
    expect(environment.armId).toMatch(/\/environments\/triton\/versions\/[0-9a-f]{12}$/);
    expect(armProblems(synth(stack))).toEqual([]);
  });

  test('refuses an image that may change under it', () => {
    const { stack, workspace } = testWorkspace();
    const props = { workspace, environmentName: 'x', image: 'mcr.microsoft.com:443/azureml/minimal' };
    expect(() => new MlEnvironment(stack, 'X', props)).toThrow(/neither tag nor digest/);
  });

  test('refuses a name that Azure would not take', () => {
    const { stack, workspace } = testWorkspace();
    expect(() => new MlEnvironment(stack, 'X', { workspace, environmentName: 'a b', image: IMAGE })).toThrow(
      /name among environments/,
    );
  });
});

describe('MlComponent', () => {
  test('keeps its version whatever the order of its keys', () => {
    const { stack, workspace } = testWorkspace();
    const a = new MlComponent(stack, 'A', {
      workspace,
      componentName: 'train',
      componentSpec: { type: 'command', command: 'x' },
    });
    const b = new MlComponent(stack, 'B', {
      workspace,
      componentName: 'train2',
      componentSpec: { command: 'x', type: 'command' },
    });
    expect(a.version).toBe(b.version);
    expect(armProblems(synth(stack))).toEqual([]);
  });
});

describe('Datastore', () => {
  function testDatastore(overrides: Partial<DatastoreProps> = {}, hierarchicalNamespace = false) {
    const parts = testWorkspace();
    const { stack, workspace, resourceGroup, privateAccess } = parts;
    const storage = new MlStorage(stack, 'Data', {
      resourceGroup,
      privateAccess,
      purpose: 'd',
      containers: ['raw-data'],
      hierarchicalNamespace,
    });
    return { stack, datastore: new Datastore(stack, 'Raw', { workspace, storage, container: 'raw-data', ...overrides }) };
  }

  test('names a container without holding a key to it, once it is there', () => {
    const { stack, datastore } = testDatastore();
    expect(resourcesOf(stack, 'azurerm_machine_learning_datastore_blobstorage')).toEqual([
      {
        name: 'raw_data',
        workspace_id: '${azurerm_machine_learning_workspace.Workspace.id}',
        storage_container_id: expect.stringMatching(/azurerm_storage_container\.Data_Container-raw-data_\w+\.id/),
        service_data_auth_identity: 'WorkspaceUserAssignedIdentity',
      },
    ]);
    expect(datastore.uri('/fraud/2026')).toBe('azureml://datastores/raw_data/paths/fraud/2026');
    expect(schemaProblems(synth(stack))).toEqual([]);
  });

  test('reads a data lake as one', () => {
    const { stack } = testDatastore({}, true);
    expect(resourcesOf(stack, 'azurerm_machine_learning_datastore_datalake_gen2')).toHaveLength(1);
    expect(schemaProblems(synth(stack))).toEqual([]);
  });

  test('refuses a name with a hyphen, which jobs cannot say', () => {
    expect(() => testDatastore({ datastoreName: 'raw-data' })).toThrow(/name of the datastore is not valid.*no hyphen/s);
  });
});

describe('Connection', () => {
  function testConnection(overrides: Partial<ConnectionProps> = {}) {
    const { stack, workspace } = testWorkspace();
    const target = 'https://contoso.openai.azure.com';
    new Connection(stack, 'OpenAi', { workspace, connectionName: 'openai', category: 'AzureOpenAI', target, ...overrides });
    return stack;
  }

  test('signs in with Entra', () => {
    const stack = testConnection();
    expect(synthesized(stack, 'azapi_resource.OpenAi').body).toEqual({
      properties: {
        category: 'AzureOpenAI',
        target: 'https://contoso.openai.azure.com',
        authType: 'AAD',
        isSharedToAll: true,
      },
    });
    expect(armProblems(synth(stack))).toEqual([]);
  });

  test('keeps a key out of body and state', () => {
    const connection = synthesized(testConnection({ auth: ConnectionAuth.apiKey('${var.key}', '1') }), 'azapi_resource.OpenAi');
    expect(JSON.stringify(connection.body)).not.toMatch(/var\.key/);
    expect(connection.sensitive_body).toEqual({ properties: { credentials: { key: '${var.key}' } } });
    expect(connection.sensitive_body_version).toEqual({ 'properties.credentials.key': '1' });
  });

  test('signs in as a managed identity, or not at all', () => {
    const { workspace } = testWorkspace();
    if (!('identity' in workspace)) throw new Error('no identity');
    expect(ConnectionAuth.managedIdentity(workspace.identity).authType).toBe('ManagedIdentity');
    const stack = testConnection({ auth: ConnectionAuth.none(), category: 'PythonFeed' });
    expect(synthesized(stack, 'azapi_resource.OpenAi').body).toMatchObject({ properties: { authType: 'None' } });
  });

  test('refuses a category or a name that Azure would not take', () => {
    expect(armProblems(synth(testConnection({ category: 'Fax' })))).toEqual([expect.stringMatching(/"Fax" is none of/)]);
    expect(() => testConnection({ connectionName: 'ai' })).toThrow(/name of the connection is not valid, got "ai".*3-33/s);
  });
});
