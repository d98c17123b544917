import { DataAzurermUserAssignedIdentity } from '@cdktf/provider-azurerm/lib/data-azurerm-user-assigned-identity';
import { LimitRangeV1 } from '@cdktf/provider-kubernetes/lib/limit-range-v1';
import { NamespaceV1 } from '@cdktf/provider-kubernetes/lib/namespace-v1';
import { ResourceQuotaV1 } from '@cdktf/provider-kubernetes/lib/resource-quota-v1';
import { ServiceAccountV1 } from '@cdktf/provider-kubernetes/lib/service-account-v1';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { ClusterAccess, type ContractTenant, type IMlPlatform } from '../contract';
import { Manifests } from '../manifests';
import { TenantAccess, type TenantAccessOptions } from './tenant-access';
import { checkNamespace, checkQuota } from './tenant-checks';
import { TenantNetworkPolicy } from './tenant-network-policy';
import { TenantSecrets } from './tenant-secrets';

/** Pod Security Standard that a namespace enforces. @see https://kubernetes.io/docs/concepts/security/pod-security-standards/ */
export enum PodSecurityLevel {
  BASELINE = 'baseline',
  RESTRICTED = 'restricted',
}

export interface TenantProps {
  readonly platform: IMlPlatform;
  /** Name of the tenant, as the platform's contract lists it. */
  readonly tenant: string;
  /** What the namespace refuses; what it warns of is always "restricted". @default - as the contract says, else BASELINE */
  readonly podSecurity?: PodSecurityLevel;
  /** Entra groups that may work in the namespace. @default - none */
  readonly access?: TenantAccessOptions;
  /** Most volumes that the tenant may claim. @default 20 */
  readonly volumeClaimsMax?: number;
  /** Most GiB of all its volumes. @default 2048 */
  readonly storageGibMax?: number;
  /** Most Kubernetes services. @default 50 */
  readonly servicesMax?: number;
}

/** A service inside the cluster. */
export interface ClusterService {
  readonly namespace: string;
  /** TCP port of its pods. */
  readonly port: number;
}

/**
 * A team's place on the cluster: namespace, quota, limits, network policy, roles, queue, secrets, and the service account behind
 * which its Azure identity stands.
 *
 * ```ts
 * const risk = new Tenant(this, 'Risk', { platform, tenant: 'risk', access: { developers: ['<object id of a group>'] } });
 * risk.allowEgressTo({ namespace: 'feast', port: 6566 });
 * risk.secrets.add('database', { keys: { password: 'risk-database-password' } });
 * ```
 */
export class Tenant extends Construct {
  /** Its promises, from the contract. */
  public readonly attributes: ContractTenant;
  /** Name of the namespace, as a reference to it: what uses it is made after it. */
  public readonly namespace: string;
  /** What else may talk to the tenant's pods, and they to. */
  public readonly network: TenantNetworkPolicy;
  /** Secrets of the vault, for the tenant's pods. */
  public readonly secrets: TenantSecrets;
  /** What pods of the tenant need (namespace, service account, queue), for the `dependsOn` of workloads in the same stack. */
  public readonly dependable: ITerraformDependable;

  /** @throws when the contract lists no such tenant, its namespace is not valid, or its quota exceeds all pools */
  constructor(scope: Construct, id: string, props: TenantProps) {
    super(scope, id);
    const { platform } = props;
    this.attributes = platform.tenant(props.tenant);
    checkNamespace(this.node.path, this.attributes.namespace);
    checkQuota(this.node.path, platform, this.attributes);
    ClusterAccess.of(this, platform);
    const labels = tenantLabels(platform, this.attributes);
    const namespace = new NamespaceV1(this, 'Default', {
      metadata: {
        name: this.attributes.namespace,
        labels: {
          ...labels,
          'pod-security.kubernetes.io/enforce': props.podSecurity ?? this.attributes.podSecurity ?? PodSecurityLevel.BASELINE,
          'pod-security.kubernetes.io/warn': PodSecurityLevel.RESTRICTED,
          'pod-security.kubernetes.io/audit': PodSecurityLevel.RESTRICTED,
        },
        annotations: { 'ml-platform/owner-contact': this.attributes.owner.contact },
      },
      lifecycle: platform.environment.profile.preventDestroy ? { preventDestroy: true } : undefined,
    });
    this.namespace = namespace.metadata.name;
    this.addQuota(labels, props);
    const serviceAccount = this.addServiceAccount(platform, labels);
    this.network = new TenantNetworkPolicy(this, 'Network', { namespace: this.namespace, labels });
    this.openToPlatform(platform);
    if (props.access) new TenantAccess(this, 'Access', { ...props.access, namespace: this.namespace, labels });
    this.secrets = new TenantSecrets(this, 'Secrets', {
      platform,
      tenant: this.attributes,
      labels,
      dependsOn: [namespace, serviceAccount],
    });
    this.dependable = this.addQueue(platform, serviceAccount, labels) ?? serviceAccount;
  }

  /** Lets the pods of another tenant reach this one's, and opens the way on both sides. */
  public allowFrom(other: Tenant): void {
    this.network.allowFromNamespace(other.attributes.namespace);
    other.network.allowToAllOf(this.attributes.namespace);
  }

  /** Lets the tenant's pods reach a service elsewhere in the cluster, e.g. a feature store. */
  public allowEgressTo(service: ClusterService): void {
    this.network.allowToNamespace(service.namespace, service.port);
  }

  /** The platform's own ways in: requests through the gateway, and scraping. */
  private openToPlatform({ attributes: { serving, monitoring } }: IMlPlatform): void {
    if (serving.gateway) this.network.allowFromNamespace(serving.gateway.proxyNamespace);
    if (monitoring) this.network.allowFromNamespace(monitoring.namespace);
  }

  private addQueue(
    platform: IMlPlatform,
    serviceAccount: ITerraformDependable,
    labels: { [key: string]: string },
  ): ITerraformDependable | undefined {
    const { name, queue } = this.attributes;
    if (queue === undefined) return undefined;
    return new Manifests(this, 'Queue', {
      platform,
      namespace: this.attributes.namespace,
      releaseName: 'tenant-queue',
      dependsOn: [serviceAccount], // which follows the namespace
      objects: [
        {
          apiVersion: 'kueue.x-k8s.io/v1beta2',
          kind: 'LocalQueue',
          metadata: { name: queue, namespace: this.attributes.namespace, labels },
          spec: { clusterQueue: name },
        },
      ],
    }).dependable;
  }

  private addQuota(labels: { [key: string]: string }, props: TenantProps): void {
    const { quota } = this.attributes;
    const gpus = Object.entries(quota.gpus).map(([name, count]) => [`requests.${name}`, String(count)]);
    new ResourceQuotaV1(this, 'Quota', {
      metadata: { name: 'tenant', namespace: this.namespace, labels },
      spec: {
        hard: {
          'requests.cpu': String(quota.cpu),
          'requests.memory': `${quota.memoryGib}Gi`,
          'limits.memory': `${quota.memoryGib}Gi`,
          // A load balancer would open a way into the cluster past the gateway.
          'services.loadbalancers': '0',
          'services.nodeports': '0',
          services: String(props.servicesMax ?? 50),
          persistentvolumeclaims: String(props.volumeClaimsMax ?? 20),
          'requests.storage': `${props.storageGibMax ?? 2048}Gi`,
          ...Object.fromEntries(gpus),
        },
      },
    });
    new LimitRangeV1(this, 'Limits', {
      metadata: { name: 'tenant', namespace: this.namespace, labels },
      spec: {
        limit: [
          {
            type: 'Container',
            // A quota refuses containers that ask for nothing: these are what a container gets that states none.
            defaultRequest: { cpu: '100m', memory: '256Mi' },
            default: { memory: '512Mi' },
          },
        ],
      },
    });
  }

  private addServiceAccount(platform: IMlPlatform, labels: { [key: string]: string }): ServiceAccountV1 {
    const { identity, serviceAccount } = this.attributes;
    const azureIdentity = new DataAzurermUserAssignedIdentity(this, 'Identity', {
      name: identity.name,
      resourceGroupName: identity.resourceGroup,
    });
    return new ServiceAccountV1(this, 'ServiceAccount', {
      metadata: {
        name: serviceAccount,
        namespace: this.namespace,
        labels,
        annotations: {
          'azure.workload.identity/client-id': azureIdentity.clientId,
          'azure.workload.identity/tenant-id': platform.attributes.environment.tenantId,
        },
      },
      automountServiceAccountToken: false, // the webhook projects a token of its own into pods that ask for it
    });
  }
}

/** Labels of everything that belongs to a tenant: who owns it and who pays. */
export function tenantLabels(platform: IMlPlatform, tenant: ContractTenant): { [key: string]: string } {
  return {
    'app.kubernetes.io/managed-by': 'cdktf-ml-platform',
    'ml-platform/tenant': tenant.name,
    'ml-platform/owner': tenant.owner.team,
    'ml-platform/environment': platform.environment.stage.name,
    'ml-platform/cost-center': platform.environment.owner.costCenter,
  };
}
