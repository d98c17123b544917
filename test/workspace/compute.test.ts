import { describe, expect, test } from 'vitest';
import { Principal } from '../../lib/identity';
import { Subnet } from '../../lib/network';
import {
  ComputeCluster,
  type ComputeClusterProps,
  ComputeInstance,
  type ComputeInstanceProps,
  ComputeVmSize,
  KubernetesCompute,
  type KubernetesComputeProps,
  ManagedNetworkIsolation,
} from '../../lib/workspace';
import { armProblems } from '../helpers/arm-schema';
import { testWorkspace } from '../helpers/azure';
import { schemaProblems } from '../helpers/provider-schema';
import { resourcesOf, synth, synthesized } from '../helpers/synth';

const A100 = ComputeVmSize.of('Standard_NC24ads_A100_v4');
const USER = Principal.user('jane', '22222222-2222-2222-2222-222222222222');
const AKS = '/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/aks';

function testCluster(overrides: Partial<ComputeClusterProps> = {}, isolation?: ManagedNetworkIsolation) {
  const parts = testWorkspace({ isolation });
  const { stack, workspace } = parts;
  return { ...parts, cluster: new ComputeCluster(stack, 'Train', { workspace, purpose: 'train', vmSize: A100, ...overrides }) };
}

describe('ComputeCluster', () => {
  test('is private, without keys, and gives its nodes back when idle', () => {
    const { stack } = testCluster();
    expect(synthesized(stack, 'azurerm_machine_learning_compute_cluster.Train')).toMatchObject({
      vm_size: 'Standard_NC24ads_A100_v4',
      vm_priority: 'Dedicated',
      scale_settings: { min_node_count: 0, max_node_count: 4, scale_down_nodes_after_idle_duration: 'PT15M' },
      identity: { type: 'SystemAssigned' },
      local_auth_enabled: false,
      node_public_ip_enabled: false,
      ssh_public_access_enabled: false,
    });
    expect(schemaProblems(synth(stack))).toEqual([]);
  });

  test('acts as itself, and may be granted data and images', () => {
    const azure = testCluster();
    azure.storage.grantRead(azure.cluster.principal);
    azure.registry.grantPull(azure.cluster.principal);
    const grants = resourcesOf(azure.stack, 'azurerm_role_assignment').filter((grant) =>
      /azurerm_machine_learning_compute_cluster/.test(String(grant.principal_id)),
    );
    expect(grants).toHaveLength(2);
  });

  test('takes another size, identity and price', () => {
    const { stack } = testCluster({ minNodes: 1, maxNodes: 8, idleMinutes: 30, lowPriority: true });
    expect(synthesized(stack, 'azurerm_machine_learning_compute_cluster.Train')).toMatchObject({
      vm_priority: 'LowPriority',
      scale_settings: { min_node_count: 1, max_node_count: 8, scale_down_nodes_after_idle_duration: 'PT30M' },
    });
  });

  test('has a subnet of its own only where there is no managed network', () => {
    const { stack, workspace } = testWorkspace();
    const subnet = Subnet.fromId(stack, 'Compute', '/subscriptions/s/subnets/compute');
    const props = { workspace, purpose: 'train', vmSize: A100 };
    expect(() => new ComputeCluster(stack, 'Train', { ...props, subnet })).toThrow(
      /managed network cannot have a subnet.*drop subnet/s,
    );
    expect(() => testCluster({}, ManagedNetworkIsolation.DISABLED)).toThrow(/needs a subnet.*SubnetRole\.COMPUTE/s);
    expect(() => testCluster({ subnet }, ManagedNetworkIsolation.DISABLED)).not.toThrow();
  });

  test.each([
    [{ minNodes: 5, maxNodes: 4 }, /minNodes and maxNodes do not fit, got 5 to 4/],
    [{ idleMinutes: 0 }, /idleMinutes is not valid, got 0/],
    [{ computeName: '1st' }, /name of azurerm_machine_learning_compute_cluster is not valid/],
  ])('refuses %o', (props, message) => {
    expect(() => testCluster(props)).toThrow(message);
  });
});

describe('ComputeVmSize', () => {
  test('is found in either catalogue', () => {
    expect(A100.hasGpu).toBe(true);
    expect(ComputeVmSize.of('Standard_D8ds_v5').hasGpu).toBe(false);
  });

  test('is refused when neither has it', () => {
    expect(() => ComputeVmSize.of('Standard_Z1')).toThrow();
  });
});

describe('ComputeInstance', () => {
  function testInstance(overrides: Partial<ComputeInstanceProps> = {}) {
    const { stack, workspace } = testWorkspace();
    return { stack, instance: new ComputeInstance(stack, 'Jane', { workspace, assignedUser: USER, vmSize: A100, ...overrides }) };
  }

  test('belongs to one person, has no public address and stops in the evening', () => {
    const { stack } = testInstance({ startCron: '0 8 * * 1-5', creationScript: 'echo hello' });
    expect(synthesized(stack, 'azapi_resource.Jane').body).toEqual({
      properties: {
        computeType: 'ComputeInstance',
        disableLocalAuth: true,
        properties: expect.objectContaining({
          applicationSharingPolicy: 'Personal',
          personalComputeInstanceSettings: {
            assignedUser: { objectId: USER.principalId, tenantId: '11111111-1111-1111-1111-111111111111' },
          },
          enableNodePublicIp: false,
          sshSettings: { sshPublicAccess: 'Disabled' },
          idleTimeBeforeShutdown: 'PT60M',
          schedules: {
            computeStartStop: [
              { action: 'Stop', status: 'Enabled', triggerType: 'Cron', cron: { expression: '0 19 * * *', timeZone: 'UTC' } },
              { action: 'Start', status: 'Enabled', triggerType: 'Cron', cron: { expression: '0 8 * * 1-5', timeZone: 'UTC' } },
            ],
          },
        }),
      },
    });
    expect(armProblems(synth(stack))).toEqual([]);
    expect(schemaProblems(synth(stack))).toEqual([]);
  });

  test.each([14, 4321, 20.5])('refuses to call %s minutes idle', (idleMinutes) => {
    expect(() => testInstance({ idleMinutes })).toThrow(/idleMinutes is not valid.*15-4320/s);
  });

  test('refuses a group as its user', () => {
    expect(() => testInstance({ assignedUser: Principal.group('risk', USER.principalId) })).toThrow(
      /belongs to one person, got Group/,
    );
  });

  test('refuses what is no cron expression', () => {
    expect(() => testInstance({ stopCron: 'at seven' })).toThrow(/not a cron expression of five fields, got "at seven"/);
  });
});

describe('KubernetesCompute', () => {
  function testKubernetes(overrides: Partial<KubernetesComputeProps> = {}) {
    const { stack, workspace } = testWorkspace();
    const compute = new KubernetesCompute(stack, 'Aks', {
      workspace,
      cluster: { clusterId: AKS, localAccountsDisabled: false },
      computeName: 'aks-gpu',
      instanceTypes: { gpu: { cpu: '4', memory: '16Gi', gpus: 1, nodeSelector: { agentpool: 'gpu' } } },
      sslSecret: 'scoring-tls',
      sslCname: 'scoring.contoso.example',
      ...overrides,
    });
    return { stack, compute };
  }

  test('puts the extension on the cluster, then attaches it', () => {
    const { stack } = testKubernetes();
    expect(resourcesOf(stack, 'azurerm_kubernetes_cluster_extension')).toEqual([
      expect.objectContaining({
        extension_type: 'Microsoft.AzureML.Kubernetes',
        cluster_id: AKS,
        configuration_settings: expect.objectContaining({
          enableTraining: 'true',
          installVolcano: 'false',
          installPromOp: 'false',
          internalLoadBalancerProvider: 'azure',
          allowInsecureConnections: 'False',
        }),
      }),
    ]);
    const amounts = { cpu: '4', memory: '16Gi', 'nvidia.com/gpu': '1' };
    expect(synthesized(stack, 'azapi_resource.Aks')).toMatchObject({
      body: {
        properties: {
          computeType: 'Kubernetes',
          resourceId: AKS,
          properties: {
            defaultInstanceType: 'gpu',
            instanceTypes: { gpu: { nodeSelector: { agentpool: 'gpu' }, resources: { requests: amounts, limits: amounts } } },
          },
        },
      },
      depends_on: [expect.stringMatching(/azurerm_kubernetes_cluster_extension\.Aks_Extension/)],
    });
    expect(armProblems(synth(stack))).toEqual([]);
    expect(schemaProblems(synth(stack))).toEqual([]);
  });

  test.each([
    [{ cluster: { clusterId: AKS, localAccountsDisabled: true } }, /local account.*serve with KServe/s],
    [{ sslSecret: undefined }, /without a certificate.*inference: false/s],
    [{ computeName: 'aks-' }, /name of the compute is not valid.*2-16/s],
    [{ defaultInstanceType: 'cpu' }, /none of the sizes, got "cpu".*gpu/s],
  ])('refuses %o', (props, message) => {
    expect(() => testKubernetes(props)).toThrow(message);
  });

  test('trains without a certificate', () => {
    expect(() => testKubernetes({ sslSecret: undefined, sslCname: undefined, inference: false })).not.toThrow();
  });
});
