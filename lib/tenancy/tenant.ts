import { DataAzurermUserAssignedIdentity } from '@cdktf/provider-azurerm/lib/data-azurerm-user-assigned-identity';
import { LimitRangeV1 } from '@cdktf/provider-kubernetes/lib/limit-range-v1';
import { NamespaceV1 } from '@cdktf/provider-kubernetes/lib/namespace-v1';
import { ResourceQuotaV1 } from '@cdktf/provider-kubernetes/lib/resource-quota-v1';
import { ServiceAccountV1 } from '@cdktf/provider-kubernetes/lib/service-account-v1';
import { Construct } from 'constructs';
import { ClusterAccess, type ContractTenant, type IMlPlatform } from '../contract';
import { TenantNetworkPolicy } from './tenant-network-policy';

/** Pod Security Standard that a namespace enforces. @see https://kubernetes.io/docs/concepts/security/pod-security-standards/ */
export enum PodSecurityLevel {
  BASELINE = 'baseline',
  RESTRICTED = 'restricted',
}

export interface TenantProps {
  readonly platform: IMlPlatform;
  /** Name of the tenant, as the platform's contract lists it. */
  readonly tenant: string;
  /** What the namespace refuses; what it warns of is always "restricted". @default PodSecurityLevel.BASELINE */
  readonly podSecurity?: PodSecurityLevel;
}

/**
 * A team's place on the cluster: namespace, quota, limits, network policy, and the service account behind which its Azure
 * identity stands.
 */
export class Tenant extends Construct {
  /** Its promises, from the contract. */
  public readonly attributes: ContractTenant;
  /** Name of the namespace, as a reference to it: what uses it is made after it. */
  public readonly namespace: string;
  /** What else may talk to the tenant's pods, and they to. */
  public readonly network: TenantNetworkPolicy;

  /** @throws when the contract lists no such tenant */
  constructor(scope: Construct, id: string, props: TenantProps) {
    super(scope, id);
    const { platform } = props;
    this.attributes = platform.tenant(props.tenant);
    ClusterAccess.of(this, platform);
    const labels = tenantLabels(platform, this.attributes);
    const namespace = new NamespaceV1(this, 'Default', {
      metadata: {
        name: this.attributes.namespace,
        labels: {
          ...labels,
          'pod-security.kubernetes.io/enforce': props.podSecurity ?? PodSecurityLevel.BASELINE,
          'pod-security.kubernetes.io/warn': PodSecurityLevel.RESTRICTED,
          'pod-security.kubernetes.io/audit': PodSecurityLevel.RESTRICTED,
        },
        annotations: { 'ml-platform/owner-contact': this.attributes.owner.contact },
      },
      lifecycle: platform.environment.profile.preventDestroy ? { preventDestroy: true } : undefined,
    });
    this.namespace = namespace.metadata.name;
    this.addQuota(labels);
    this.addServiceAccount(platform, labels);
    this.network = new TenantNetworkPolicy(this, 'Network', { namespace: this.namespace, labels });
  }

  private addQuota(labels: { [key: string]: string }): void {
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

  private addServiceAccount(platform: IMlPlatform, labels: { [key: string]: string }): void {
    const { identity, serviceAccount } = this.attributes;
    const azureIdentity = new DataAzurermUserAssignedIdentity(this, 'Identity', {
      name: identity.name,
      resourceGroupName: identity.resourceGroup,
    });
    new ServiceAccountV1(this, 'ServiceAccount', {
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
