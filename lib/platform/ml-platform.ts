import { Construct } from 'constructs';
import { type CpuPoolOptions, type GpuPoolOptions, MlCluster } from '../cluster';
import { type ContractGateway, PlatformContract } from '../contract';
import { Environment, type Owner, ResourceGroup } from '../core';
import { ConfigurationError } from '../core/configuration-error';
import { checkOwner } from '../core/ownership';
import { KeyVault, MlStorage } from '../data';
import { BuiltInRole, Principal, RoleGrant, WorkloadIdentity } from '../identity';
import { type Egress, type ISubnet, MlNetwork, type PrivateDns, PrivateService, SubnetRole } from '../network';
import {
  type AlertReceivers,
  AlertRouting,
  AlertSeverity,
  ApplicationInsights,
  Budget,
  DiagnosticSettings,
  LogAnalytics,
  MetricAlert,
} from '../observability';
import { ContainerRegistry, type IModelRegistry } from '../registry';
import { ComputeCluster, ComputeVmSize, ManagedNetworkRule, MlWorkspace } from '../workspace';

/** What a team may use at most. */
export interface TenantQuota {
  /** CPU requests in cores. */
  readonly cpu: number;
  /** Memory requests in GiB. */
  readonly memoryGib: number;
  /** GPUs by extended resource, e.g. `{ 'nvidia.com/mig-3g.40gb': 2 }`. @default - none */
  readonly gpus?: { [resourceName: string]: number };
}

/** A team that the platform serves. */
export interface TenantDescription {
  /** 2-30 lower-case letters, digits and single hyphens, letter first. Also the name of its namespace. */
  readonly name: string;
  readonly owner: Owner;
  readonly quota: TenantQuota;
}

/** A group of machines on which Azure ML runs jobs. */
export interface TrainingCompute {
  /** e.g. `ComputeVmSize.of("Standard_NC24ads_A100_v4")`. Fixed at creation. */
  readonly vmSize: ComputeVmSize;
  /** Most nodes; there are none while there is no job. @default 4 */
  readonly maxNodes?: number;
  /** Cheaper nodes that Azure may take away at any time. Fixed at creation. @default false */
  readonly lowPriority?: boolean;
}

/** How callers reach served models. */
export interface ModelAccess {
  /** Models are reached at <service>-<tenant>.<domain>, by private DNS or your own. */
  readonly domain: string;
  /** Application id URIs or client ids that callers' Entra tokens must be issued for; at least one. */
  readonly audiences: string[];
}

/** What the platform may cost. */
export interface PlatformBudget {
  /** For its resource group in a month, in the currency of the bill. */
  readonly monthlyAmount: number;
  /** Month from which it counts, e.g. "2026-12". */
  readonly startMonth: string;
}

export interface MlPlatformProps {
  /** Range of the network, e.g. "10.40.0.0/16". */
  readonly addressSpace: string;
  /** Ranges to stay clear of, e.g. those of peered networks. @default - none */
  readonly reservedRanges?: string[];
  /** @default Egress.natGateway() */
  readonly egress?: Egress;
  /** Who keeps the private DNS zones. @default PrivateDns.owned() */
  readonly dns?: PrivateDns;
  /** Object ids of Entra groups whose members administer the cluster. */
  readonly adminGroupObjectIds: string[];
  /** Minor version of Kubernetes, e.g. "1.34". @default - AKS's default */
  readonly kubernetesVersion?: string;
  /** CPU pools by name: 1-9 lower-case letters and digits, letter first. */
  readonly cpuPools: { [name: string]: CpuPoolOptions };
  /** GPU pools by name: 1-9 lower-case letters and digits, letter first. */
  readonly gpuPools: { [name: string]: GpuPoolOptions };
  /** Containers for data and models that all tenants read; each tenant gets one of its own besides. @default ["datasets", "models"] */
  readonly containers?: string[];
  readonly tenants: TenantDescription[];
  /** Machines for Azure ML jobs, by what they are for, e.g. "train". @default - none */
  readonly trainingCompute?: { [purpose: string]: TrainingCompute };
  /** Object ids of Entra groups of people who train models: they use the workspace, its data and its images. @default - none */
  readonly dataScientistGroups?: { [name: string]: string };
  /** Owner and contacts hear when the month's cost nears it, or is expected to pass it. */
  readonly budget: PlatformBudget;
  /** Who hears of what, by severity. @default - the contact of the environment's owner */
  readonly alerts?: AlertReceivers;
  /** A gateway in front of served models. @default - none: models are reached inside the cluster only */
  readonly modelAccess?: ModelAccess;
  /** vCPUs of the subscription by quota family, as `az vm list-usage` names them: synth checks pools against them. @default - not checked */
  readonly vcpuQuotas?: { [family: string]: number };
  /** Azure ML registry through which stages share models; the platform's network and workspace get access. @default - none */
  readonly modelRegistry?: IModelRegistry;
}

/** Ranges inside the cluster. Services must not be reachable elsewhere; pods live in an overlay. */
const SERVICE_CIDR = '172.16.0.0/16';
const POD_CIDR = '192.168.0.0/16';
/** Namespace of the KServe controller and of the gateway for models. */
const KSERVE = 'kserve';
/** Add-on, namespace and service account that read the vault. */
const EXTERNAL_SECRETS = 'external-secrets';
/** Cluster of the workspace that builds images. */
const IMAGE_BUILDER = 'build';
/** Queue in each tenant's namespace that its jobs wait in. */
const QUEUE = 'training';
/** Workloads of a tenant run as this service account. */
const SERVICE_ACCOUNT = 'workload';

/**
 * The Azure side of a platform in one construct: network, storage, vault, registry, Azure ML workspace, and a cluster with its
 * node pools and an identity for each tenant. What it promises is its `contract`.
 *
 * ```ts
 * const platform = new MlPlatform(this, 'Platform', {
 *   addressSpace: '10.40.0.0/16',
 *   adminGroupObjectIds: ['…'],
 *   cpuPools: { cpu: { maxCount: 5 } },
 *   gpuPools: { t4: { vmSize: GpuVmSize.of('Standard_NC16as_T4_v3'), maxCount: 4 } },
 *   tenants: [],
 *   budget: { monthlyAmount: 5000, startMonth: '2026-12' },
 * });
 * platform.contract.publish();
 * ```
 */
export class MlPlatform extends Construct {
  public readonly resourceGroup: ResourceGroup;
  public readonly logAnalytics: LogAnalytics;
  public readonly applicationInsights: ApplicationInsights;
  public readonly network: MlNetwork;
  public readonly keyVault: KeyVault;
  /** Default storage of the workspace: artifacts of runs and snapshots of code. */
  public readonly workspaceStorage: MlStorage;
  /** Data and models, for the workspace and for the cluster. */
  public readonly storage: MlStorage;
  public readonly registry: ContainerRegistry;
  public readonly workspace: MlWorkspace;
  public readonly cluster: MlCluster;
  /** What the platform promises to those who build on it. */
  public readonly contract: PlatformContract;

  constructor(scope: Construct, id: string, props: MlPlatformProps) {
    super(scope, id);
    for (const tenant of props.tenants) checkTenant(this.node.path, tenant);
    const containers = props.containers ?? ['datasets', 'models'];
    const resourceGroup = new ResourceGroup(this, 'ResourceGroup');
    this.resourceGroup = resourceGroup;
    this.logAnalytics = new LogAnalytics(this, 'LogAnalytics', { resourceGroup });
    this.applicationInsights = new ApplicationInsights(this, 'ApplicationInsights', {
      resourceGroup,
      logAnalytics: this.logAnalytics,
    });
    this.network = new MlNetwork(this, 'Network', {
      resourceGroup,
      addressSpace: props.addressSpace,
      reservedRanges: [SERVICE_CIDR, POD_CIDR, ...(props.reservedRanges ?? [])],
      egress: props.egress,
      dns: props.dns,
    });
    const { privateAccess } = this.network;
    this.keyVault = new KeyVault(this, 'KeyVault', { resourceGroup, privateAccess });
    this.workspaceStorage = new MlStorage(this, 'WorkspaceStorage', { resourceGroup, privateAccess, purpose: 'workspace' });
    this.storage = new MlStorage(this, 'Storage', {
      resourceGroup,
      privateAccess,
      purpose: 'data',
      containers: [...containers, ...props.tenants.map((tenant) => tenantContainer(tenant.name))],
      hierarchicalNamespace: true,
    });
    this.registry = new ContainerRegistry(this, 'Registry', { resourceGroup, privateAccess });
    this.workspace = this.addWorkspace();
    this.addTrainingCompute(props.trainingCompute ?? {});
    this.addDataScientists(props.dataScientistGroups ?? {}, containers);
    props.modelRegistry?.connect(new Construct(this, 'ModelRegistry'), privateAccess);
    props.modelRegistry?.grantUse(this.workspace.identity);
    this.cluster = this.addCluster(props);
    this.registry.grantPull(this.cluster.kubeletPrincipal);
    this.addPools(props);
    const identities = props.tenants.map((tenant) => this.addTenantIdentity(tenant, containers));
    this.addAlerts(props);
    this.contract = this.makeContract(props, identities);
    DiagnosticSettings.forAll(this, this.logAnalytics); // last: it looks at what stands
  }

  private addAlerts(props: MlPlatformProps): void {
    const { resourceGroup } = this;
    const routing = new AlertRouting(this, 'Alerts', { resourceGroup, critical: props.alerts, warning: props.alerts });
    new Budget(this, 'Budget', { resourceGroup, ...props.budget });
    // Pods wait for a node that the autoscaler cannot add: quota or capacity is used up, or a pool is at its maximum.
    new MetricAlert(this, 'PendingPods', {
      resourceGroup,
      routing,
      targetId: this.cluster.clusterId,
      alertName: 'pods-without-a-node',
      severity: AlertSeverity.ERROR,
      metricNamespace: 'Microsoft.ContainerService/managedClusters',
      metricName: 'cluster_autoscaler_unschedulable_pods_count',
      threshold: 0,
    });
  }

  private addWorkspace(): MlWorkspace {
    const { naming } = Environment.of(this);
    const workspace = new MlWorkspace(this, 'Workspace', {
      resourceGroup: this.resourceGroup,
      privateAccess: this.network.privateAccess,
      storage: this.workspaceStorage,
      keyVault: this.keyVault,
      registry: this.registry,
      applicationInsights: this.applicationInsights,
      // Azure's own builders do not reach a private registry.
      imageBuildCompute: naming.name('azurerm_machine_learning_compute_cluster', IMAGE_BUILDER),
      // Jobs in the managed network read the data by private endpoints of that network.
      outboundRules: {
        'data-blob': ManagedNetworkRule.privateEndpoint(this.storage.storageId, PrivateService.STORAGE_BLOB),
        'data-dfs': ManagedNetworkRule.privateEndpoint(this.storage.storageId, PrivateService.STORAGE_DFS),
      },
    });
    this.storage.grantWrite(workspace.identity);
    return workspace;
  }

  private addTrainingCompute(computes: { [purpose: string]: TrainingCompute }): void {
    const builder: TrainingCompute = { vmSize: ComputeVmSize.of('Standard_D4ds_v5'), maxNodes: 2 };
    for (const [purpose, compute] of Object.entries({ [IMAGE_BUILDER]: builder, ...computes })) {
      new ComputeCluster(this, `Compute-${purpose}`, {
        workspace: this.workspace,
        registry: this.registry,
        identity: this.workspace.identity,
        purpose,
        ...compute,
      });
    }
  }

  private addDataScientists(groups: { [name: string]: string }, containers: string[]): void {
    for (const [name, objectId] of Object.entries(groups)) {
      const group = Principal.group(name, objectId);
      this.workspace.grantDataScientist(group);
      for (const container of containers) this.storage.grantRead(group, container);
      this.registry.grantPull(group);
    }
  }

  private addCluster(props: MlPlatformProps): MlCluster {
    const environment = Environment.of(this);
    const zone = this.network.privateAccess.zone(`privatelink.${environment.location}.azmk8s.io`);
    return new MlCluster(this, 'Cluster', {
      resourceGroup: this.resourceGroup,
      nodeSubnet: this.network.subnet(SubnetRole.SYSTEM_NODES),
      privateDnsZoneId: zone.zoneId,
      privateDnsZoneArmId: zone.armId,
      logAnalyticsWorkspaceId: this.logAnalytics.logAnalyticsId,
      adminGroupObjectIds: props.adminGroupObjectIds,
      kubernetesVersion: props.kubernetesVersion,
      outboundType: this.network.outboundType,
      serviceCidr: SERVICE_CIDR,
      podCidr: POD_CIDR,
    });
  }

  private addPools(props: MlPlatformProps): void {
    const userNodes = this.network.subnet(SubnetRole.USER_NODES);
    const gpuNodes = this.network.subnet(SubnetRole.GPU_NODES);
    for (const [name, options] of Object.entries(props.cpuPools)) {
      this.cluster.addCpuPool(name, { subnet: this.joined(userNodes), ...options });
    }
    for (const [name, options] of Object.entries(props.gpuPools)) {
      this.cluster.addGpuPool(name, { subnet: this.joined(gpuNodes), ...options });
    }
  }

  /** A subnet that the control plane may add nodes to, and their addresses to load balancers. */
  private joined(subnet: ISubnet): ISubnet {
    RoleGrant.on(subnet, {
      principal: this.cluster.controlPlaneIdentity,
      role: BuiltInRole.NETWORK_CONTRIBUTOR,
      resourceId: subnet.subnetId,
      armId: subnet.armId,
    });
    return subnet;
  }

  /**
   * An Azure identity that only the tenant's service account can become. It reads what all share, and writes to a container of
   * its own, which no other tenant reads.
   */
  private addTenantIdentity(tenant: TenantDescription, containers: string[]): WorkloadIdentity {
    const identity = new WorkloadIdentity(this, `Tenant-${tenant.name}`, {
      resourceGroup: this.resourceGroup,
      purpose: tenant.name,
    });
    identity.federateServiceAccount({
      issuerUrl: this.cluster.oidcIssuerUrl,
      namespace: tenant.name,
      serviceAccount: SERVICE_ACCOUNT,
    });
    for (const container of containers) this.storage.grantRead(identity, container);
    this.storage.grantWrite(identity, tenantContainer(tenant.name));
    return identity;
  }

  /** Reads secrets for tenants: External Secrets copies what a tenant may have into its namespace. */
  private addSecretsIdentity(): WorkloadIdentity {
    const identity = new WorkloadIdentity(this, 'ExternalSecrets', {
      resourceGroup: this.resourceGroup,
      purpose: EXTERNAL_SECRETS,
    });
    identity.federateServiceAccount({
      issuerUrl: this.cluster.oidcIssuerUrl,
      namespace: EXTERNAL_SECRETS,
      serviceAccount: EXTERNAL_SECRETS,
    });
    this.keyVault.grantSecretsRead(identity);
    return identity;
  }

  private makeContract(props: MlPlatformProps, identities: WorkloadIdentity[]): PlatformContract {
    const { project, stage, location, subscriptionId, tenantId, owner } = Environment.of(this);
    const resourceGroup = this.resourceGroup.armId.split('/').at(-1) ?? '';
    const secrets = this.addSecretsIdentity();
    const { cluster, network, registry, storage, keyVault, workspace, logAnalytics } = this;
    return PlatformContract.fromAttributes(this, 'Contract', {
      contractVersion: PlatformContract.VERSION,
      environment: {
        project,
        stage: stage.name,
        strictness: stage.strictness,
        location,
        subscriptionId,
        tenantId,
        owner,
      },
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
      serving: { deploymentMode: 'Standard', namespace: KSERVE, ...gatewayOf(props.modelAccess) },
      ...(props.vcpuQuotas ? { vcpuQuotas: props.vcpuQuotas } : {}),
      monitoring: { namespace: 'monitoring', prometheusUrl: 'http://prometheus-operated.monitoring.svc:9090' },
      addonIdentities: { [EXTERNAL_SECRETS]: { name: secrets.identityName, id: secrets.armId, resourceGroup } },
      tenants: props.tenants.map((tenant, index) => ({
        name: tenant.name,
        namespace: tenant.name,
        owner: tenant.owner,
        quota: { cpu: tenant.quota.cpu, memoryGib: tenant.quota.memoryGib, gpus: tenant.quota.gpus ?? {} },
        serviceAccount: SERVICE_ACCOUNT,
        container: tenantContainer(tenant.name),
        queue: QUEUE,
        identity: {
          name: identities[index]?.identityName ?? '',
          id: identities[index]?.armId ?? '',
          resourceGroup,
        },
      })),
    });
  }
}

/** Where KServe expects its gateway, and where Envoy Gateway runs the proxies. */
function gatewayOf(access: ModelAccess | undefined): { readonly gateway?: ContractGateway } {
  if (!access) return {};
  return { gateway: { namespace: KSERVE, name: 'models', proxyNamespace: 'envoy-gateway-system', ...access } };
}

/** Where a tenant keeps what is its own. */
function tenantContainer(tenantName: string): string {
  return `tenant-${tenantName}`;
}

function checkTenant(path: string, tenant: TenantDescription): void {
  checkOwner(`${path} (tenant ${tenant.name})`, tenant.owner);
  const reserved = /^(kube|gatekeeper|aks|azure)-|^(default|kserve|monitoring|cert-manager|gpu-operator)$/.test(tenant.name);
  if (!reserved && /^(?=.{2,30}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(tenant.name)) return;
  throw new ConfigurationError(path, {
    what: reserved ? 'tenant has the name of a namespace that belongs to the cluster' : 'name of a tenant is not valid',
    got: JSON.stringify(tenant.name),
    allowed: '2-30 lower-case letters, digits and single hyphens, letter first, and none that starts with kube-, aks- or azure-',
    fix: 'use the name of the team, e.g. "risk"',
  });
}
