import { describe, expect, test } from 'vitest';
import { Stage } from '../../lib/core';
import {
  ComputeVmSize,
  KubernetesCompute,
  ManagedNetworkIsolation,
  MlEnvironment,
  type OnlineDeploymentOptions,
  OnlineEndpoint,
  type OnlineEndpointProps,
} from '../../lib/workspace';
import { armProblems } from '../helpers/arm-schema';
import { testWorkspace } from '../helpers/azure';
import { schemaProblems } from '../helpers/provider-schema';
import { resourcesOf, synth, synthesized } from '../helpers/synth';

const MODEL = 'azureml://registries/contoso/models/fraud/versions/7';
const vmSize = ComputeVmSize.of('Standard_D8ds_v5');
const AKS = '/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/aks';

function testEndpoint(overrides: Partial<OnlineEndpointProps> = {}, stage = Stage.PROD, isolation?: ManagedNetworkIsolation) {
  const parts = testWorkspace({ isolation }, { stage });
  const { stack, workspace } = parts;
  const endpoint = new OnlineEndpoint(stack, 'Fraud', { workspace, purpose: 'fraud', endpointName: 'fraud', ...overrides });
  const deploy = (name: string, options: Partial<OnlineDeploymentOptions> = {}) =>
    endpoint.addDeployment(name, { model: MODEL, vmSize, ...options });
  return { ...parts, endpoint, deploy };
}

function onCluster() {
  const parts = testWorkspace();
  const compute = new KubernetesCompute(parts.stack, 'Aks', {
    workspace: parts.workspace,
    cluster: { clusterId: AKS, localAccountsDisabled: false },
    computeName: 'aks-gpu',
    sslSecret: 'tls',
    sslCname: 'scoring.contoso.example',
  });
  const endpoint = new OnlineEndpoint(parts.stack, 'Fraud', { workspace: parts.workspace, purpose: 'fraud', compute });
  return { ...parts, endpoint };
}

/** The body of a deployment, by its name. */
function deployment(stack: ReturnType<typeof testEndpoint>['stack'], name: string): Record<string, unknown> {
  const found = resourcesOf(stack, 'azapi_resource').find((resource) => resource.name === name);
  if (!found) throw new Error(`no deployment ${name}`);
  return found.body as Record<string, unknown>;
}

describe('OnlineEndpoint', () => {
  test('is private and asks callers to sign in with Entra', () => {
    const { stack } = testEndpoint();
    expect(synthesized(stack, 'azapi_resource.Fraud')).toMatchObject({
      type: 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints@2025-06-01',
      parent_id: '${azurerm_machine_learning_workspace.Workspace.id}',
      identity: [{ type: 'SystemAssigned' }],
      body: { properties: { authMode: 'AADToken', publicNetworkAccess: 'Disabled' } },
    });
  });

  test('says nothing of traffic itself: its deployments come after it', () => {
    const { stack, deploy, endpoint } = testEndpoint();
    deploy('blue');
    endpoint.route({ blue: 100 });
    expect(JSON.stringify(synthesized(stack, 'azapi_resource.Fraud').body)).not.toMatch(/traffic/);
  });

  test('shares out traffic once all deployments are up', () => {
    const { stack, deploy, endpoint } = testEndpoint();
    deploy('blue');
    deploy('green');
    endpoint.route({ blue: 100, green: 0 }, { green: 10 });
    const traffic = resourcesOf(stack, 'azapi_update_resource').find((update) => JSON.stringify(update.body).includes('traffic'));
    expect(traffic).toMatchObject({
      resource_id: '${azapi_resource.Fraud.id}',
      body: { properties: { traffic: { blue: 100, green: 0 }, mirrorTraffic: { green: 10 } } },
      depends_on: [expect.stringMatching(/azapi_resource\.Fraud_blue_/), expect.stringMatching(/azapi_resource\.Fraud_green_/)],
    });
    expect(armProblems(synth(stack))).toEqual([]);
    expect(schemaProblems(synth(stack))).toEqual([]);
  });

  test.each([
    ['do not add up to 100', { blue: 50 }, {}, /do not add up to 100, got blue 50/],
    ['are no whole percents', { blue: 99.5, green: 0.5 }, {}, /do not add up to 100/],
    ['go to nobody', { red: 100 }, {}, /deployment that is not there, got red.*blue, green/s],
    ['mirror too much', { blue: 100 }, { green: 60 }, /mirrored traffic does not fit, got green 60.*1-50 percent/s],
    ['mirror to one that has traffic', { blue: 90, green: 10 }, { green: 10 }, /mirrored traffic does not fit/],
    ['mirror to two', { blue: 100 }, { green: 10, blue: 10 }, /mirrored traffic does not fit/],
  ])('refuses shares that %s', (_, traffic, mirror, message) => {
    const { deploy, endpoint } = testEndpoint();
    deploy('blue');
    deploy('green');
    expect(() => endpoint.route(traffic, mirror)).toThrow(message);
  });

  test('shares out traffic once', () => {
    const { deploy, endpoint } = testEndpoint();
    deploy('blue');
    endpoint.route({ blue: 100 });
    expect(() => endpoint.route({ blue: 100 })).toThrow(/traffic is shared out twice/);
  });

  test('acts as an identity that can be granted models and images', () => {
    const { stack, endpoint, storage } = testEndpoint();
    storage.grantRead(endpoint.principal);
    expect(resourcesOf(stack, 'azurerm_role_assignment')).toContainEqual(
      expect.objectContaining({ principal_id: '${azapi_resource.Fraud.identity[0].principal_id}' }),
    );
  });

  test.each(['ab', '1fraud', 'fraud_', 'a'.repeat(33)])('refuses the name %s', (endpointName) => {
    expect(() => testEndpoint({ endpointName })).toThrow(/3-32 ASCII letters/);
  });
});

describe('OnlineDeployment', () => {
  test.each([
    ['prod', Stage.PROD, 2],
    ['dev', Stage.DEV, 1],
  ])('in %s, runs as many machines as the profile says', (_, stage, capacity) => {
    const { stack, deploy } = testEndpoint({}, stage);
    deploy('blue');
    expect(deployment(stack, 'blue')).toMatchObject({
      sku: { name: 'Default', capacity },
      properties: {
        endpointComputeType: 'Managed',
        model: MODEL,
        instanceType: 'Standard_D8ds_v5',
        scaleSettings: { scaleType: 'Default' },
        requestSettings: { requestTimeout: 'PT5S', maxConcurrentRequestsPerInstance: 1 },
        appInsightsEnabled: true,
      },
    });
  });

  test.each([
    ['in a managed network, leaves through it', undefined, 'Enabled'],
    ['without one, has no way out', ManagedNetworkIsolation.DISABLED, 'Disabled'],
  ])('%s', (_, isolation, egress) => {
    const { stack, deploy } = testEndpoint({}, Stage.PROD, isolation);
    deploy('blue');
    expect(deployment(stack, 'blue')).toMatchObject({ properties: { egressPublicNetworkAccess: egress } });
  });

  test('keeps requests and answers on demand, and is probed', () => {
    const { stack, deploy } = testEndpoint();
    deploy('blue', {
      dataCollection: { samplingPercent: 50 },
      livenessProbe: { initialDelaySeconds: 60 },
      readinessProbe: { periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 10 },
    });
    const on = { dataCollectionMode: 'Enabled', samplingRate: 0.5 };
    expect(deployment(stack, 'blue')).toMatchObject({
      properties: {
        dataCollector: { collections: { model_inputs: on, model_outputs: on }, rollingRate: 'Hour' },
        livenessProbe: { initialDelay: 'PT60S', period: 'PT10S', timeout: 'PT2S', failureThreshold: 30 },
        readinessProbe: { period: 'PT5S', timeout: 'PT3S', failureThreshold: 10 },
      },
    });
    expect(armProblems(synth(stack))).toEqual([]);
  });

  test('is scaled by its load, and traffic waits for that too', () => {
    const { stack, deploy, endpoint } = testEndpoint();
    deploy('blue', { instances: 2, scaling: { maxInstances: 6, targetUtilizationPercent: 60 } });
    endpoint.route({ blue: 100 });
    const [setting] = resourcesOf(stack, 'azurerm_monitor_autoscale_setting');
    expect(setting).toMatchObject({
      name: 'autoscale-fraud-blue',
      resource_group_name: 'rg-contoso-ml-prod-euw',
      profile: [
        {
          capacity: { minimum: 2, maximum: 6, default: 2 },
          rule: [
            { metric_trigger: { operator: 'GreaterThan', threshold: 60 }, scale_action: { direction: 'Increase' } },
            { metric_trigger: { operator: 'LessThan', threshold: 30 }, scale_action: { direction: 'Decrease' } },
          ],
        },
      ],
    });
    expect(schemaProblems(synth(stack))).toEqual([]);
  });

  test('runs in an environment, with code and variables', () => {
    const { stack, workspace, deploy } = testEndpoint();
    const environment = new MlEnvironment(stack, 'Image', {
      workspace,
      environmentName: 'sklearn',
      image: 'cr.azurecr.io/sklearn:1',
    });
    deploy('blue', {
      environment,
      scoringCode: { codeId: '/codes/1', scoringScript: 'score.py' },
      environmentVariables: { MODE: 'fast' },
    });
    expect(deployment(stack, 'blue')).toMatchObject({
      properties: {
        environmentId: '${azapi_resource.Image.id}',
        codeConfiguration: { codeId: '/codes/1', scoringScript: 'score.py' },
        environmentVariables: { MODE: 'fast' },
      },
    });
  });

  test.each([
    ['without a VM size', 'blue', { vmSize: undefined }, /needs a VM size/],
    ['with a bad name', 'blue_1', {}, /name of the deployment is not valid, got "blue_1".*3-32/s],
    [
      'with a request that lasts too long',
      'blue',
      { requestTimeoutSeconds: 181 },
      /requestTimeoutSeconds is out of range, got 181.*1-180/s,
    ],
    [
      'that scales below its machines',
      'blue',
      { instances: 4, scaling: { maxInstances: 2 } },
      /outside of what scaling allows, got 4/,
    ],
    ['that keeps too much', 'blue', { dataCollection: { samplingPercent: 101 } }, /samplingPercent is out of range/],
    ['of no machines', 'blue', { instances: 0 }, /instances is out of range, got 0/],
  ])('refuses a deployment %s', (_, name, options, message) => {
    expect(() => testEndpoint().deploy(name, options)).toThrow(message);
  });
});

describe('an endpoint on a cluster', () => {
  test('is served by pods, which Azure ML scales', () => {
    const { stack, endpoint } = onCluster();
    endpoint.addDeployment('blue', {
      model: MODEL,
      instanceType: 'gpu',
      resources: { cpu: '2', memory: '8Gi', gpus: 1 },
      scaling: { maxInstances: 4 },
    });
    endpoint.route({ blue: 100 });
    expect(synthesized(stack, 'azapi_resource.Fraud').body).toMatchObject({
      properties: { authMode: 'AMLToken', compute: '${azapi_resource.Aks.id}' },
    });
    const amounts = { cpu: '2', memory: '8Gi', gpu: '1' };
    expect(deployment(stack, 'blue')).toMatchObject({
      properties: {
        endpointComputeType: 'Kubernetes',
        instanceType: 'gpu',
        scaleSettings: { scaleType: 'TargetUtilization', minInstances: 2, maxInstances: 4, targetUtilizationPercentage: 70 },
        containerResourceRequirements: { containerResourceRequests: amounts, containerResourceLimits: amounts },
      },
    });
    expect(resourcesOf(stack, 'azurerm_monitor_autoscale_setting')).toEqual([]);
    expect(armProblems(synth(stack))).toEqual([]);
  });

  test('mirrors no traffic', () => {
    const { endpoint } = onCluster();
    endpoint.addDeployment('blue', { model: MODEL });
    endpoint.addDeployment('green', { model: MODEL });
    expect(() => endpoint.route({ blue: 100 }, { green: 10 })).toThrow(/a cluster mirrors no traffic/);
  });

  test('refuses names that are too long together', () => {
    const { stack, workspace } = testWorkspace();
    const compute = new KubernetesCompute(stack, 'Aks', {
      workspace,
      cluster: { clusterId: AKS, localAccountsDisabled: false },
      computeName: 'aks',
      inference: false,
    });
    const endpoint = new OnlineEndpoint(stack, 'Fraud', { workspace, purpose: 'fraud', endpointName: 'a'.repeat(32), compute });
    expect(() => endpoint.addDeployment('b'.repeat(31), { model: MODEL })).toThrow(
      /too long for a cluster.*63 characters.*6-62/s,
    );
  });
});
