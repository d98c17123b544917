import { Construct } from 'constructs';
import { type ClusterBackup, MlCluster } from '../cluster';
import { PlatformContract } from '../contract';
import { Environment, type IResourceGroup, ResourceGroup } from '../core';
import { ConfigurationError } from '../core/configuration-error';
import { type IKeyVault, KeyVault, MlStorage, type PostgresServer } from '../data';
import { BuiltInRole, Principal, RoleGrant, WorkloadIdentity } from '../identity';
import { type IMlNetwork, type ISubnet, MlNetwork, PrivateDnsMode, PrivateService, SubnetRole } from '../network';
import {
  AlertRouting,
  AlertSeverity,
  ApplicationInsights,
  Budget,
  DiagnosticSettings,
  type ILogAnalytics,
  LogAnalytics,
  MetricAlert,
  type MonitorWorkspace,
} from '../observability';
import { ContainerRegistry, type IContainerRegistry } from '../registry';
import { ComputeCluster, ComputeVmSize, ManagedNetworkRule, MlWorkspace } from '../workspace';
import { contractContent } from './contract-content';
import { addManagedMetrics } from './managed-metrics';
import type { MlPlatformProps, TenantDescription, TrainingCompute } from './ml-platform-props';
import { addMlflowBackend, MLFLOW } from './mlflow-backend';
import { addPlatformBackup } from './platform-backup';
import { checkTenant, type MadeTenant, makeTenant, tenantContainer } from './tenant-identity';

/** Ranges inside the cluster. Services must not be reachable elsewhere; pods live in an overlay. */
const SERVICE_CIDR = '172.16.0.0/16';
const POD_CIDR = '192.168.0.0/16';
/** Add-on, namespace and service account that read the vault. */
const EXTERNAL_SECRETS = 'external-secrets';
/** Cluster of the workspace that builds images. */
const IMAGE_BUILDER = 'build';

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
  public readonly resourceGroup: IResourceGroup;
  public readonly logAnalytics: ILogAnalytics;
  public readonly applicationInsights: ApplicationInsights;
  public readonly network: IMlNetwork;
  public readonly keyVault: IKeyVault;
  /** Default storage of the workspace: artifacts of runs and snapshots of code. */
  public readonly workspaceStorage: MlStorage;
  /** Data and models, for the workspace and for the cluster. */
  public readonly storage: MlStorage;
  public readonly registry: IContainerRegistry;
  public readonly workspace: MlWorkspace;
  public readonly cluster: MlCluster;
  /** Backups of the cluster; undefined where the profile has none. */
  public readonly clusterBackup?: ClusterBackup;
  /** Database of the MLflow server, with `mlflow`. */
  public readonly mlflowDatabase?: PostgresServer;
  /** Where managed Prometheus keeps metrics, with `managedMetrics`. */
  public readonly metrics?: MonitorWorkspace;
  /** What the platform promises to those who build on it. */
  public readonly contract: PlatformContract;
  /** By ARM id: subnets that the control plane may add nodes to. */
  private readonly joinedSubnets = new Map<string, ISubnet>();

  constructor(scope: Construct, id: string, props: MlPlatformProps) {
    super(scope, id);
    checkNetwork(this.node.path, props);
    for (const tenant of props.tenants) checkTenant(this.node.path, tenant);
    const containers = props.containers ?? ['datasets', 'models'];
    const resourceGroup = props.resourceGroup ?? new ResourceGroup(this, 'ResourceGroup');
    this.resourceGroup = resourceGroup;
    const privateOnly = props.managedMetrics?.privateLink;
    this.logAnalytics = props.logAnalytics ?? new LogAnalytics(this, 'LogAnalytics', { resourceGroup, privateOnly });
    this.applicationInsights = new ApplicationInsights(this, 'ApplicationInsights', {
      resourceGroup,
      logAnalytics: this.logAnalytics,
      privateOnly,
    });
    this.network = props.network ?? this.addNetwork(props);
    const { privateAccess } = this.network;
    this.keyVault = props.keyVault ?? new KeyVault(this, 'KeyVault', { resourceGroup, privateAccess });
    this.workspaceStorage = new MlStorage(this, 'WorkspaceStorage', { resourceGroup, privateAccess, purpose: 'workspace' });
    this.storage = new MlStorage(this, 'Storage', {
      resourceGroup,
      privateAccess,
      purpose: 'data',
      containers: [
        ...containers,
        ...(props.mlflow ? [MLFLOW] : []),
        ...props.tenants.map((tenant) => tenantContainer(tenant.name)),
      ],
      hierarchicalNamespace: true,
    });
    this.registry = props.registry ?? new ContainerRegistry(this, 'Registry', { resourceGroup, privateAccess });
    this.workspace = this.addWorkspace();
    this.addTrainingCompute(props.trainingCompute ?? {});
    this.addDataScientists(props.dataScientistGroups ?? {}, containers);
    props.modelRegistry?.connect(new Construct(this, 'ModelRegistry'), privateAccess);
    props.modelRegistry?.grantUse(this.workspace.identity);
    this.cluster = this.addCluster(props);
    this.registry.grantPull(this.cluster.kubeletPrincipal);
    this.addPools(props);
    const routing = this.addAlerts(props);
    if (props.managedMetrics) {
      const { logAnalytics, applicationInsights, cluster } = this;
      const stands = { resourceGroup, privateAccess, logAnalytics, applicationInsights, cluster, routing };
      this.metrics = addManagedMetrics(this, { ...stands, ...props.managedMetrics });
    }
    this.clusterBackup = addPlatformBackup(this, { resourceGroup, privateAccess, cluster: this.cluster, budget: props.budget });
    const mlflow = props.mlflow && addMlflowBackend(this, { ...this.stands(), ...props.mlflow });
    this.mlflowDatabase = mlflow?.database;
    const tenants = props.tenants.map((tenant) => ({ tenant, ...this.addTenant(tenant, containers) }));
    const addonIdentities = {
      [EXTERNAL_SECRETS]: this.addSecretsIdentity(),
      ...(mlflow ? { [MLFLOW]: mlflow.identity } : {}),
    };
    this.contract = PlatformContract.fromAttributes(
      this,
      'Contract',
      contractContent(Environment.of(this), props, {
        resourceGroup,
        network: this.network,
        cluster: this.cluster,
        registry: this.registry,
        workspace: this.workspace,
        storage: this.storage,
        keyVault: this.keyVault,
        logAnalytics: this.logAnalytics,
        tenants,
        mlflow,
        addonIdentities,
      }),
    );
    DiagnosticSettings.forAll(this, this.logAnalytics); // last: it looks at what stands
  }

  private addNetwork(props: MlPlatformProps): MlNetwork {
    return new MlNetwork(this, 'Network', {
      resourceGroup: this.resourceGroup,
      addressSpace: props.addressSpace ?? '', // checked above
      reservedRanges: [SERVICE_CIDR, POD_CIDR, ...(props.reservedRanges ?? [])],
      egress: props.egress,
      dns: props.dns,
    });
  }

  private addAlerts(props: MlPlatformProps): AlertRouting {
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
    return routing;
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
    const { privateAccess } = this.network;
    const zoneName = `privatelink.${Environment.of(this).location}.azmk8s.io`;
    // Where a policy keeps the zones, AKS keeps its own.
    const zone = privateAccess.dnsMode === PrivateDnsMode.POLICY_MANAGED ? undefined : privateAccess.zone(zoneName);
    const nodeSubnet = this.network.subnet(SubnetRole.SYSTEM_NODES);
    this.joinedSubnets.set(nodeSubnet.armId, nodeSubnet); // the cluster grants that itself
    return new MlCluster(this, 'Cluster', {
      resourceGroup: this.resourceGroup,
      nodeSubnet,
      privateDnsZoneId: zone?.zoneId,
      privateDnsZoneArmId: zone?.armId,
      logAnalyticsWorkspaceId: this.logAnalytics.logAnalyticsId,
      adminGroupObjectIds: props.adminGroupObjectIds,
      kubernetesVersion: props.kubernetesVersion,
      outboundType: this.network.outboundType,
      managedPrometheus: props.managedMetrics !== undefined,
      serviceCidr: SERVICE_CIDR,
      podCidr: POD_CIDR,
    });
  }

  private addPools(props: MlPlatformProps): void {
    for (const [name, options] of Object.entries(props.cpuPools)) {
      this.cluster.addCpuPool(name, { subnet: this.joined(SubnetRole.USER_NODES), ...options });
    }
    for (const [name, options] of Object.entries(props.gpuPools)) {
      this.cluster.addGpuPool(name, { subnet: this.joined(SubnetRole.GPU_NODES), ...options });
    }
  }

  /** A subnet that the control plane may add nodes to, and their addresses to load balancers. */
  private joined(role: SubnetRole): ISubnet {
    const subnet = this.network.subnet(role);
    const same = this.joinedSubnets.get(subnet.armId); // a subnet that stands already may serve several roles
    if (same) return same;
    RoleGrant.on(subnet, {
      principal: this.cluster.controlPlaneIdentity,
      role: BuiltInRole.NETWORK_CONTRIBUTOR,
      resourceId: subnet.subnetId,
      armId: subnet.armId,
    });
    this.joinedSubnets.set(subnet.armId, subnet);
    return subnet;
  }

  /** What identities of workloads need to know of the platform. */
  private stands() {
    const { resourceGroup, storage, cluster } = this;
    return { resourceGroup, storage, privateAccess: this.network.privateAccess, issuerUrl: cluster.oidcIssuerUrl };
  }

  private addTenant(tenant: TenantDescription, sharedContainers: string[]): MadeTenant {
    return makeTenant(this, tenant, { ...this.stands(), workspace: this.workspace, sharedContainers });
  }

  /** Reads secrets for add-ons: External Secrets copies them into their namespaces. Tenants' come from vaults of their own. */
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
}

function checkNetwork(path: string, props: MlPlatformProps): void {
  const made = ['addressSpace', 'reservedRanges', 'egress', 'dns'].filter(
    (name) => props[name as keyof MlPlatformProps] !== undefined,
  );
  if (props.network === undefined && props.addressSpace !== undefined) return;
  if (props.network !== undefined && made.length === 0) return;
  throw new ConfigurationError(path, {
    what: props.network === undefined ? 'the platform has no network' : 'the network stands already, and is described once more',
    got: props.network === undefined ? 'neither addressSpace nor network' : `network and ${made.join(', ')}`,
    allowed: 'addressSpace (with reservedRanges, egress, dns), or network',
    fix:
      props.network === undefined
        ? 'e.g. addressSpace: "10.40.0.0/16"'
        : `drop ${made.join(', ')}: MlNetwork.fromAttributes(...) takes egress and dns`,
  });
}
