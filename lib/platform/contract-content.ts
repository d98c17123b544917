import type { IConstruct } from 'constructs';
import type { MlCluster } from '../cluster';
import { type ContractGateway, PlatformContract, type PlatformContractAttributes } from '../contract';
import { type Environment, ImageLock, type IResourceGroup, Stage } from '../core';
import { MODEL_SERVERS } from '../core/model-servers';
import type { IKeyVault, MlStorage } from '../data';
import type { WorkloadIdentity } from '../identity';
import type { IMlNetwork } from '../network';
import type { ILogAnalytics } from '../observability';
import type { IContainerRegistry } from '../registry';
import type { MlWorkspace } from '../workspace';
import type { MlPlatformProps, ModelAccess, TenantDescription } from './ml-platform-props';
import { type MadeMlflowBackend, MLFLOW } from './mlflow-backend';
import { type MadeTenant, TENANT_SERVICE_ACCOUNT, tenantContainer } from './tenant-identity';

/** Namespace of the KServe controller and of the gateway for models. */
const KSERVE = 'kserve';
/** Queue in each tenant's namespace that its jobs wait in. */
const QUEUE = 'training';

/** What stands, for the contract to tell of it. */
export interface PlatformParts {
  readonly resourceGroup: IResourceGroup;
  readonly network: IMlNetwork;
  readonly cluster: MlCluster;
  readonly registry: IContainerRegistry;
  readonly workspace: MlWorkspace;
  readonly storage: MlStorage;
  readonly keyVault: IKeyVault;
  readonly logAnalytics: ILogAnalytics;
  readonly tenants: (MadeTenant & { readonly tenant: TenantDescription })[];
  readonly mlflow?: MadeMlflowBackend;
  /** By add-on. */
  readonly addonIdentities: { readonly [addon: string]: WorkloadIdentity };
}

/** What the platform promises: plain values, all known at synth. */
export function contractContent(
  environment: Environment,
  props: MlPlatformProps,
  parts: PlatformParts,
): PlatformContractAttributes {
  const { project, stage, location, subscriptionId, tenantId, owner } = environment;
  const { cluster, network, registry, storage, keyVault, workspace, logAnalytics } = parts;
  const resourceGroup = parts.resourceGroup.armId.split('/').at(-1) ?? '';
  const identityOf = (identity: WorkloadIdentity) => ({ name: identity.identityName, id: identity.armId, resourceGroup });
  return {
    contractVersion: PlatformContract.VERSION,
    environment: { project, stage: stage.name, strictness: stage.strictness, location, subscriptionId, tenantId, owner },
    resourceGroup,
    network: {
      virtualNetworkId: network.armId,
      subnetIds: Object.fromEntries(network.roles.map((role) => [role.roleName, network.subnet(role).armId])),
    },
    cluster: {
      name: cluster.clusterName,
      id: cluster.armId,
      resourceGroup,
      ...(cluster.kubernetesVersion === undefined ? {} : { kubernetesVersion: cluster.kubernetesVersion }),
      managedAddOns: cluster.managedAddOns,
    },
    nodePools: cluster.nodePools,
    registry: { name: registry.registryName, id: registry.armId, loginServer: registry.loginServer },
    workspace: { name: workspace.workspaceName, id: workspace.armId },
    ...(props.modelRegistry
      ? { modelRegistry: { name: props.modelRegistry.modelRegistryName, id: props.modelRegistry.armId } }
      : {}),
    storage: {
      name: storage.storageName,
      id: storage.armId,
      blobEndpoint: storage.blobEndpoint,
      containers: storage.containerNames,
    },
    keyVault: { name: keyVault.keyVaultName, id: keyVault.armId, uri: keyVault.vaultUri },
    logAnalytics: { name: logAnalytics.logAnalyticsName, id: logAnalytics.armId },
    serving: {
      deploymentMode: 'Standard',
      namespace: KSERVE,
      runtimes: offeredRuntimes(cluster, stage),
      ...gatewayOf(props.modelAccess),
    },
    ...(props.vcpuQuotas ? { vcpuQuotas: props.vcpuQuotas } : {}),
    monitoring: { namespace: 'monitoring', prometheusUrl: 'http://prometheus-operated.monitoring.svc:9090' },
    ...(parts.mlflow
      ? {
          mlflow: {
            databaseHost: parts.mlflow.database.host,
            database: MLFLOW,
            databaseUser: parts.mlflow.identity.identityName,
            container: MLFLOW,
          },
        }
      : {}),
    addonIdentities: Object.fromEntries(
      Object.entries(parts.addonIdentities).map(([addon, identity]) => [addon, identityOf(identity)]),
    ),
    tenants: parts.tenants.map(({ tenant, identity, vault }) => ({
      name: tenant.name,
      namespace: tenant.name,
      owner: tenant.owner,
      quota: { cpu: tenant.quota.cpu, memoryGib: tenant.quota.memoryGib, gpus: tenant.quota.gpus ?? {} },
      serviceAccount: TENANT_SERVICE_ACCOUNT,
      container: tenantContainer(tenant.name),
      queue: QUEUE,
      identity: identityOf(identity),
      keyVault: { name: vault.keyVaultName, id: vault.armId, uri: vault.vaultUri },
    })),
  };
}

/** How the image of each model server is known around a construct: by "digest" or by "tag". In prod those by tag are not offered. */
export function offeredRuntimes(scope: IConstruct, stage: Stage): { [runtime: string]: string } {
  const offered = Object.values(MODEL_SERVERS)
    .map(({ runtime, image }) => [runtime, ImageLock._known(scope, image) === undefined ? 'tag' : 'digest'] as const)
    .filter(([, pinned]) => pinned === 'digest' || stage.strictness !== Stage.PROD.strictness);
  return Object.fromEntries(offered);
}

/** Where KServe expects its gateway, and where Envoy Gateway runs the proxies. */
function gatewayOf(access: ModelAccess | undefined): { readonly gateway?: ContractGateway } {
  if (!access) return {};
  return { gateway: { namespace: KSERVE, name: 'models', proxyNamespace: 'envoy-gateway-system', ...access } };
}
