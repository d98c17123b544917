import { KubernetesCluster } from '@cdktf/provider-azurerm/lib/kubernetes-cluster';
import { Token } from 'cdktf';
import { Construct, type IConstruct } from 'constructs';
import type { ContractNodePool } from '../contract';
import { Environment } from '../core';
import { ConfigurationError } from '../core/configuration-error';
import { statefulLifecycle } from '../core/stateful';
import { CpuVmSize, NodeTaint } from '../gpu';
import { BuiltInRole, type IPrincipal, ManagedIdentity, RoleGrant } from '../identity';
import type { ISubnet } from '../network';
import { checkCluster, DEFAULT_POD_CIDR, DEFAULT_SERVICE_CIDR, dnsServiceIp } from './cluster-checks';
import { CpuNodePool } from './cpu-node-pool';
import { GpuNodePool } from './gpu-node-pool';
import type { IKubernetesCluster } from './kubernetes-cluster';
import { Weekday } from './maintenance-window';
import type { MlClusterAttributes, MlClusterProps, SystemPoolOptions } from './ml-cluster-props';
import { NodeOs } from './node-os';
import { osDiskType, rotationName } from './node-pool-base';
import type { CpuPoolOptions, GpuPoolOptions } from './node-pool-options';
import { SpotNodePool } from './spot-node-pool';
import { SystemNodePool } from './system-node-pool';
import { weekly } from './weekly-maintenance';

/** A cluster, owned by this app or not. */
export interface IMlCluster extends IKubernetesCluster {
  /** Adds nodes with GPUs. */
  addGpuPool(id: string, options: GpuPoolOptions): GpuNodePool;
  /** Adds nodes without GPUs. */
  addCpuPool(id: string, options: CpuPoolOptions): CpuNodePool;
  /** Adds nodes without GPUs that Azure may take away. */
  addSpotPool(id: string, options: CpuPoolOptions): SpotNodePool;
  /** Adds nodes for AKS's own components. */
  addSystemPool(id: string, options: CpuPoolOptions): SystemNodePool;
  /** Lets `principal` fetch the kubeconfig, which alone gives no rights inside the cluster. */
  grantUser(principal: IPrincipal): RoleGrant;
  /** Lets `principal` read all objects but secrets. */
  grantRead(principal: IPrincipal): RoleGrant;
  /** Makes `principal` an administrator of the whole cluster. */
  grantClusterAdmin(principal: IPrincipal): RoleGrant;
}

abstract class MlClusterBase extends Construct implements IMlCluster {
  public abstract readonly clusterId: string;
  public abstract readonly armId: string;
  public abstract readonly clusterName: string;
  public abstract readonly nodeSubnet: ISubnet;
  public abstract readonly nodeOs: NodeOs;
  private readonly pools: ContractNodePool[] = [];

  public get nodePools(): ContractNodePool[] {
    return [...this.pools];
  }

  public registerNodePool(pool: ContractNodePool): void {
    const taken = this.pools.flatMap((other) => [other.name, rotationName(other.name)]);
    if (taken.includes(pool.name) || taken.includes(rotationName(pool.name))) {
      throw new ConfigurationError(this.node.path, {
        what: 'name of a node pool is taken',
        got: JSON.stringify(pool.name),
        allowed: `a name that differs from ${this.pools.map((other) => other.name).join(', ')} in its first nine letters`,
        fix: 'rename one of the pools',
      });
    }
    this.pools.push(pool);
  }

  public addGpuPool(id: string, options: GpuPoolOptions): GpuNodePool {
    return new GpuNodePool(this, id, { ...options, cluster: this });
  }

  public addCpuPool(id: string, options: CpuPoolOptions): CpuNodePool {
    return new CpuNodePool(this, id, { ...options, cluster: this });
  }

  public addSpotPool(id: string, options: CpuPoolOptions): SpotNodePool {
    return new SpotNodePool(this, id, { ...options, cluster: this });
  }

  public addSystemPool(id: string, options: CpuPoolOptions): SystemNodePool {
    return new SystemNodePool(this, id, { ...options, cluster: this });
  }

  public grantUser(principal: IPrincipal): RoleGrant {
    return this.grant(principal, BuiltInRole.AKS_CLUSTER_USER);
  }

  public grantRead(principal: IPrincipal): RoleGrant {
    return this.grant(principal, BuiltInRole.AKS_RBAC_READER);
  }

  public grantClusterAdmin(principal: IPrincipal): RoleGrant {
    return this.grant(principal, BuiltInRole.AKS_RBAC_CLUSTER_ADMIN);
  }

  private grant(principal: IPrincipal, role: BuiltInRole): RoleGrant {
    return RoleGrant.on(this, { principal, role, resourceId: this.clusterId, armId: this.armId });
  }
}

/**
 * An AKS cluster for machine learning: private API server, Entra identities only, Cilium, and node pools that are replaced
 * without an outage.
 */
export class MlCluster extends MlClusterBase {
  /** A cluster owned elsewhere. Nothing of it is created; pools can be added. */
  public static fromMlClusterAttributes(scope: Construct, id: string, attributes: MlClusterAttributes): IMlCluster {
    class Imported extends MlClusterBase {
      public readonly clusterId = attributes.armId;
      public readonly armId = attributes.armId;
      public readonly clusterName = attributes.armId.split('/').at(-1) ?? '';
      public readonly nodeSubnet = attributes.nodeSubnet;
      public readonly nodeOs = attributes.nodeOs ?? NodeOs.UBUNTU;
    }
    const imported = new Imported(scope, id);
    for (const pool of attributes.nodePools ?? []) imported.registerNodePool(pool);
    return imported;
  }

  public readonly clusterId: string;
  public readonly armId: string;
  public readonly clusterName: string;
  public readonly nodeSubnet: ISubnet;
  public readonly nodeOs: NodeOs;
  /** Name of the group that AKS keeps nodes and disks in. */
  public readonly nodeResourceGroupName: string;
  /** Issuer of the tokens of service accounts; known to Azure only. */
  public readonly oidcIssuerUrl: string;
  /** The identity that nodes pull images with. */
  public readonly kubeletPrincipal: IPrincipal;
  /** The identity of the control plane. */
  public readonly controlPlaneIdentity: ManagedIdentity;
  /** Minor version, where one was given. */
  public readonly kubernetesVersion?: string;
  private readonly managed: string[];

  constructor(scope: Construct, id: string, props: MlClusterProps) {
    super(scope, id);
    const environment = Environment.of(this);
    const { profile } = environment;
    checkCluster(this.node.path, props, profile.defender);
    const named = environment.name(this, 'azurerm_kubernetes_cluster', undefined, props.clusterName);
    const zone = props.privateDnsZoneId ?? 'System';
    const ownZone = zone !== 'System' && zone !== 'None';
    const serviceCidr = props.serviceCidr ?? DEFAULT_SERVICE_CIDR;

    this.nodeSubnet = props.nodeSubnet;
    this.nodeOs = props.nodeOs ?? NodeOs.UBUNTU;
    this.clusterName = named.name;
    this.armId = `${props.resourceGroup.armId}/providers/Microsoft.ContainerService/managedClusters/${named.name}`;
    this.kubernetesVersion = props.kubernetesVersion;
    this.managed = [...(props.managedKeda ? ['keda'] : []), ...(props.managedPrometheus ? ['prometheus'] : [])];
    this.nodeResourceGroupName = environment.name(this, 'azurerm_resource_group', 'aks-nodes').name;
    this.controlPlaneIdentity = new ManagedIdentity(this, 'ControlPlane', { resourceGroup: props.resourceGroup, purpose: 'aks' });
    const kubelet = new ManagedIdentity(this, 'Kubelet', { resourceGroup: props.resourceGroup, purpose: 'kubelet' });
    this.kubeletPrincipal = kubelet;

    const cluster = new KubernetesCluster(this, 'Default', {
      name: named.name,
      resourceGroupName: props.resourceGroup.resourceGroupName,
      location: environment.location,
      nodeResourceGroup: this.nodeResourceGroupName,
      tags: named.tags,
      kubernetesVersion: props.kubernetesVersion,
      ...(ownZone ? { dnsPrefixPrivateCluster: dnsPrefix(named.name) } : { dnsPrefix: dnsPrefix(named.name) }),
      skuTier: profile.clusterTier,
      costAnalysisEnabled: profile.clusterTier !== 'Free',

      // Reached from the network only, by Entra identities only.
      privateClusterEnabled: true,
      privateDnsZoneId: zone,
      privateClusterPublicFqdnEnabled: false,
      ...(props.apiServerSubnet
        ? { apiServerAccessProfile: { virtualNetworkIntegrationEnabled: true, subnetId: props.apiServerSubnet.subnetId } }
        : {}),
      roleBasedAccessControlEnabled: true,
      localAccountDisabled: true,
      azureActiveDirectoryRoleBasedAccessControl: {
        tenantId: environment.tenantId,
        azureRbacEnabled: true,
        adminGroupObjectIds: props.adminGroupObjectIds,
      },
      runCommandEnabled: false, // it would run commands as cluster admin past the private network
      identity: { type: 'UserAssigned', identityIds: [this.controlPlaneIdentity.identityId] },
      kubeletIdentity: {
        clientId: kubelet.clientId,
        objectId: kubelet.principalId,
        userAssignedIdentityId: kubelet.identityId,
      },
      oidcIssuerEnabled: true, // workload identity needs it; AKS turns it on itself from 1.34 on
      workloadIdentityEnabled: true,

      networkProfile: {
        networkPlugin: 'azure',
        networkPluginMode: 'overlay',
        networkDataPlane: 'cilium',
        networkPolicy: 'cilium',
        loadBalancerSku: 'standard',
        outboundType: props.outboundType ?? 'userAssignedNATGateway',
        serviceCidr,
        dnsServiceIp: dnsServiceIp(serviceCidr),
        podCidr: props.podCidr ?? DEFAULT_POD_CIDR,
      },

      bootstrapProfile:
        props.bootstrapRegistryId === undefined
          ? undefined
          : { artifactSource: 'Cache', containerRegistryId: props.bootstrapRegistryId },
      defaultNodePool: this.systemPool(props.systemPool ?? {}, props.nodeSubnet, environment),
      autoScalerProfile: {
        expander: 'least-waste',
        // GPU nodes are dear: gone ten minutes after their last pod, also when that pod used local disk.
        scaleDownUnneeded: '10m',
        scaleDownDelayAfterAdd: '10m',
        scaleDownUtilizationThreshold: '0.5',
        ignoreDaemonsetsUtilizationEnabled: true,
        skipNodesWithLocalStorage: false,
        skipNodesWithSystemPods: true,
        maxGracefulTerminationSec: '600',
        // A node with GPUs is ready only after its driver is built.
        maxNodeProvisioningTime: '25m',
      },

      automaticUpgradeChannel: 'patch',
      nodeOsUpgradeChannel: 'NodeImage',
      maintenanceWindowAutoUpgrade: weekly(this.node.path, props.upgradeWindow ?? { day: Weekday.SUNDAY, startTime: '02:00' }),
      maintenanceWindowNodeOs: weekly(this.node.path, props.nodeImageWindow ?? { day: Weekday.SATURDAY, startTime: '02:00' }),
      imageCleanerEnabled: true,
      imageCleanerIntervalHours: 168,

      azurePolicyEnabled: true,
      keyVaultSecretsProvider: { secretRotationEnabled: true, secretRotationInterval: '2m' },
      storageProfile: {
        blobDriverEnabled: true,
        diskDriverEnabled: true,
        fileDriverEnabled: true,
        snapshotControllerEnabled: true,
      },
      workloadAutoscalerProfile: props.managedKeda ? { kedaEnabled: true } : undefined,
      monitorMetrics: props.managedPrometheus ? {} : undefined,
      microsoftDefender:
        profile.defender && props.logAnalyticsWorkspaceId
          ? { logAnalyticsWorkspaceId: props.logAnalyticsWorkspaceId }
          : undefined,
      keyManagementService: props.secretsEncryption && {
        keyVaultKeyId: props.secretsEncryption.keyVaultKeyId,
        keyVaultNetworkAccess: (props.secretsEncryption.privateVault ?? true) ? 'Private' : 'Public',
      },
      lifecycle: statefulLifecycle(environment),
      // The control plane joins the subnet and writes into the zone while it is made.
      dependsOn: this.grantsBeforeCluster(props, ownZone ? zone : undefined, kubelet).map((grant) => grant.dependable),
    });
    this.clusterId = cluster.id;
    this.oidcIssuerUrl = cluster.oidcIssuerUrl;
  }

  /** Components that AKS manages and that must not be installed again, e.g. "keda". */
  public get managedAddOns(): string[] {
    return [...this.managed];
  }

  /** Says that AKS manages one more component, e.g. "backup". */
  public registerManagedAddOn(addOn: string): void {
    if (!this.managed.includes(addOn)) this.managed.push(addOn);
  }

  private grantsBeforeCluster(props: MlClusterProps, zoneId: string | undefined, kubelet: ManagedIdentity): RoleGrant[] {
    const principal = this.controlPlaneIdentity;
    const on = (scope: IConstruct, role: BuiltInRole, resourceId: string, armId: string) =>
      RoleGrant.on(scope as Construct, { principal, role, resourceId, armId });
    const subnets = [props.nodeSubnet, ...(props.apiServerSubnet ? [props.apiServerSubnet] : [])];
    return [
      ...subnets.map((subnet) => on(subnet, BuiltInRole.NETWORK_CONTRIBUTOR, subnet.subnetId, subnet.armId)),
      ...(zoneId === undefined
        ? []
        : [
            on(
              new Construct(this, 'PrivateDnsZone'),
              BuiltInRole.PRIVATE_DNS_ZONE_CONTRIBUTOR,
              zoneId,
              props.privateDnsZoneArmId ?? zoneId,
            ),
          ]),
      on(kubelet, BuiltInRole.MANAGED_IDENTITY_OPERATOR, kubelet.identityId, kubelet.armId),
    ];
  }

  private systemPool(options: SystemPoolOptions, subnet: ISubnet, environment: Environment) {
    const { profile } = environment;
    const size = options.vmSize ?? CpuVmSize.of('Standard_D4ds_v5');
    const minCount = options.minCount ?? profile.systemNodesMin;
    const maxCount = options.maxCount ?? Math.max(profile.systemNodesMax, minCount);
    const zones = options.zones ?? (profile.zoneRedundant ? ['1', '2', '3'] : []);
    const osDiskSizeGib = options.osDiskSizeGib ?? 128;
    this.registerNodePool({
      name: 'system',
      mode: 'System',
      vmSize: size.name,
      vcpus: size.vcpus,
      memoryGib: size.memoryGib,
      architecture: size.architecture,
      minCount,
      maxCount,
      spot: false,
      zones,
      labels: {},
      taints: [NodeTaint.SYSTEM],
    });
    return {
      name: 'system',
      vmSize: size.name,
      vnetSubnetId: subnet.subnetId,
      osSku: this.nodeOs,
      zones: zones.length > 0 ? zones : undefined,
      autoScalingEnabled: true,
      minCount,
      maxCount,
      maxPods: 110,
      onlyCriticalAddonsEnabled: true,
      nodePublicIpEnabled: false,
      hostEncryptionEnabled: options.hostEncryption ?? true,
      osDiskType: osDiskType(this.node.path, undefined, osDiskSizeGib, size.tempDiskGib),
      osDiskSizeGb: osDiskSizeGib,
      temporaryNameForRotation: rotationName('system'),
      tags: environment.tags,
      upgradeSettings: {
        maxSurge: '33%',
        // Stated from the start: taking it back later would replace the whole cluster.
        drainTimeoutInMinutes: 30,
        nodeSoakDurationInMinutes: 0,
      },
    };
  }
}

/** 2-54 letters, digits and hyphens. */
function dnsPrefix(clusterName: string): string {
  return Token.isUnresolved(clusterName) ? clusterName : clusterName.replaceAll('_', '-').slice(0, 54).replace(/-+$/, '');
}
