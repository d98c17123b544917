import { describe, expect, test } from 'vitest';
import { BatchEndpoint, ComputeCluster, ComputeVmSize } from '../../lib/workspace';
import { armProblems } from '../helpers/arm-schema';
import { testWorkspace } from '../helpers/azure';
import { schemaProblems } from '../helpers/provider-schema';
import { resourcesOf, synth, synthesized } from '../helpers/synth';

function testEndpoint() {
  const { stack, workspace } = testWorkspace();
  const vmSize = ComputeVmSize.of('Standard_D8ds_v5');
  const compute = new ComputeCluster(stack, 'Nodes', { workspace, purpose: 'score', vmSize });
  const endpoint = new BatchEndpoint(stack, 'Churn', { workspace, purpose: 'churn' });
  return { stack, compute, endpoint };
}

describe('BatchEndpoint', () => {
  test('asks callers to sign in with Entra', () => {
    expect(synthesized(testEndpoint().stack, 'azapi_resource.Churn').body).toEqual({ properties: { authMode: 'AADToken' } });
  });

  test('scores on a cluster, in batches, and names its default once it is up', () => {
    const { stack, compute, endpoint } = testEndpoint();
    endpoint.addDeployment('churn-7', {
      model: 'azureml://registries/c/models/churn/versions/7',
      compute,
      instances: 2,
      outputFileName: 'out.csv',
    });
    endpoint.useAsDefault('churn-7');
    const found = resourcesOf(stack, 'azapi_resource').find((resource) => resource.name === 'churn-7');
    expect(found?.body).toEqual({
      properties: {
        model: { referenceType: 'Id', assetId: 'azureml://registries/c/models/churn/versions/7' },
        compute: '${azurerm_machine_learning_compute_cluster.Nodes.id}',
        resources: { instanceCount: 2 },
        maxConcurrencyPerInstance: 1,
        miniBatchSize: 10,
        errorThreshold: -1,
        retrySettings: { maxRetries: 3, timeout: 'PT30S' },
        outputAction: 'AppendRow',
        outputFileName: 'out.csv',
        loggingLevel: 'Info',
      },
    });
    expect(resourcesOf(stack, 'azapi_update_resource')).toContainEqual(
      expect.objectContaining({
        body: { properties: { defaults: { deploymentName: 'churn-7' } } },
        depends_on: [expect.stringMatching(/azapi_resource\.Churn_churn-7_/)],
      }),
    );
    expect(armProblems(synth(stack))).toEqual([]);
    expect(schemaProblems(synth(stack))).toEqual([]);
  });

  test('has one default, which is there', () => {
    const { compute, endpoint } = testEndpoint();
    expect(() => endpoint.useAsDefault('churn-7')).toThrow(/default deployment is not there, got churn-7.*none yet/s);
    endpoint.addDeployment('churn-7', { model: 'azureml://m', compute });
    endpoint.useAsDefault('churn-7');
    expect(() => endpoint.useAsDefault('churn-7')).toThrow(/has a default deployment already/);
  });

  test('refuses a name that Azure would not take', () => {
    const { compute, endpoint } = testEndpoint();
    expect(() => endpoint.addDeployment('7', { model: 'azureml://m', compute })).toThrow(/name of the deployment is not valid/);
  });
});
