import type { TerraformStack } from 'cdktf';
import {
  Airflow,
  ArgoCd,
  ArgoWorkflows,
  CertManager,
  EnvoyAiGateway,
  EnvoyGateway,
  ExternalSecrets,
  FeastServer,
  GpuOperator,
  Istio,
  JobSet,
  Keda,
  Knative,
  KServe,
  KubeflowTrainer,
  KubePrometheusStack,
  KubeRay,
  Kueue,
  LeaderWorkerSet,
  Mlflow,
  NvidiaDevicePlugin,
  NvidiaNetworkOperator,
  Velero,
} from '../../lib/addons';
import { MlCluster } from '../../lib/cluster';
import type { ContractNodePool } from '../../lib/contract';
import { GpuDriver, GpuSharing, GpuVmSize } from '../../lib/gpu';
import { Subnet } from '../../lib/network';
import { testStack } from '../helpers/synth';
import { testPlatform, testPools } from './platform';

/** Pools for which every add-on has something to do: MIG, time slicing, RDMA, and A10 apart from the operator. */
export function allPools(): ContractNodePool[] {
  const stack = testStack({}, 'AllPools');
  const cluster = MlCluster.fromMlClusterAttributes(stack, 'Cluster', {
    armId: '/x/aks',
    nodeSubnet: Subnet.fromId(stack, 'Nodes', '/subnets/nodes'),
    nodePools: testPools(),
  });
  cluster.addGpuPool('h100', { vmSize: GpuVmSize.of('Standard_ND96isr_H100_v5'), maxCount: 2 });
  cluster.addGpuPool('a10', {
    vmSize: GpuVmSize.of('Standard_NV36ads_A10_v5'),
    maxCount: 2,
    driver: GpuDriver.AKS,
    operatorManaged: false,
    sharing: GpuSharing.timeSlicing(2),
  });
  return cluster.nodePools;
}

const CLIENT = '22222222-2222-2222-2222-222222222222';
const signIn = { secretName: 'entra', redirectUrl: 'https://argo.contoso.example/oauth2/callback' };

/** Every add-on with every option that sets a value, in one stack. */
export function everyAddon(privateImages = false): TerraformStack {
  const stack = testStack({}, 'Addons');
  const { serving } = testPlatform(testStack()).attributes;
  const platform = testPlatform(stack, allPools(), { serving: { ...serving, deploymentMode: 'Knative' } });
  const common = { platform, privateImages };
  new Kueue(stack, 'Kueue', { ...common, prometheus: true });
  new KServe(stack, 'KServe', { ...common, llm: true });
  new KubePrometheusStack(stack, 'Monitoring', {
    ...common,
    grafana: true,
    grafanaAdminSecret: 'grafana',
    receiversSecret: 'receivers',
  });
  new EnvoyGateway(stack, 'EnvoyGateway', { ...common, languageModels: true });
  new EnvoyAiGateway(stack, 'EnvoyAiGateway', common);
  new Istio(stack, 'Istio', { ...common, inferenceExtension: true });
  new Knative(stack, 'Knative', { ...common, servingVersion: '1.19' });
  new CertManager(stack, 'CertManager', {
    ...common,
    gatewayApi: true,
    privateCa: true,
    acme: {
      email: 'ml-platform@contoso.example',
      dnsZone: 'ml.contoso.example',
      dnsZoneResourceGroup: 'rg-dns',
      identityClientId: CLIENT,
    },
  });
  new NvidiaNetworkOperator(stack, 'NetworkOperator', {
    ...common,
    ofedDriverVersion: 'doca3.1.0-25.07',
    rdmaDevicePluginVersion: 'network-operator-v26.4.1',
  });
  new GpuOperator(stack, 'GpuOperator', { ...common, rdma: true, driverVersion: '595.91.07' });
  new NvidiaDevicePlugin(stack, 'DevicePlugin', common);
  new ExternalSecrets(stack, 'ExternalSecrets', {
    ...common,
    keyVaultIdentityClientId: CLIENT,
    vault: { server: 'https://vault.contoso.example', role: 'external-secrets' },
  });
  new Keda(stack, 'Keda', { ...common, identityClientId: CLIENT, serviceMonitor: true });
  new JobSet(stack, 'JobSet', common);
  new LeaderWorkerSet(stack, 'LeaderWorkerSet', common);
  new KubeflowTrainer(stack, 'Trainer', { ...common, jobSet: false, runtimes: true });
  new KubeRay(stack, 'KubeRay', { ...common, serviceMonitor: true });
  new ArgoWorkflows(stack, 'ArgoWorkflows', { ...common, signIn, artifactContainer: 'models', serviceMonitor: true });
  new ArgoCd(stack, 'ArgoCd', { ...common, domain: 'argocd.contoso.example', signIn });
  new Airflow(stack, 'Airflow', {
    ...common,
    metadataSecret: 'metadata',
    fernetKeySecret: 'fernet',
    apiSecretKeySecret: 'api',
    jwtSecret: 'jwt',
    dags: {
      url: 'git@git.contoso.example:ml/dags.git',
      sshKeySecret: 'dags',
      knownHosts: 'git.contoso.example ssh-ed25519 AAAA',
    },
  });
  new Mlflow(stack, 'Mlflow', {
    ...common,
    database: { host: 'psql.postgres.database.azure.com', user: 'id-mlflow' },
    artifactContainer: 'models',
    identityClientId: CLIENT,
    adminSecret: 'mlflow-admin',
  });
  new FeastServer(stack, 'Feast', { ...common, featureStore: { project: 'risk' } });
  new Velero(stack, 'Velero', {
    ...common,
    storageAccountName: 'stbackup',
    storageResourceGroup: 'rg-backup',
    container: 'velero',
    nodeResourceGroup: 'rg-nodes',
    identityClientId: CLIENT,
  });
  return stack;
}
