import { TerraformStack, Testing } from 'cdktf';
import { describe, expect, test } from 'vitest';
import { PlatformContract, type PlatformContractAttributes } from '../../lib/contract';
import { PodSecurityLevel, Tenant, type TenantProps } from '../../lib/tenancy';
import { contractAttributes } from '../helpers/contract';
import { resourcesOf, synthesized } from '../helpers/synth';

function tenant(props: Partial<TenantProps> = {}, attributes: Partial<PlatformContractAttributes> = {}) {
  const stack = new TerraformStack(Testing.app(), 'App');
  const platform = PlatformContract.fromAttributes(stack, 'Platform', contractAttributes(attributes));
  return { stack, risk: new Tenant(stack, 'Risk', { platform, tenant: 'risk', ...props }) };
}

function policies(stack: TerraformStack): Record<string, { spec: Record<string, unknown> }> {
  const all = resourcesOf(stack, 'kubernetes_network_policy_v1') as {
    metadata: { name: string };
    spec: Record<string, unknown>;
  }[];
  return Object.fromEntries(all.map((policy) => [policy.metadata.name, policy]));
}

describe('Tenant', () => {
  test('gives the namespace pod security and owner labels, and protects it in prod', () => {
    const { stack } = tenant();
    expect(synthesized(stack, 'kubernetes_namespace_v1.Risk')).toMatchObject({
      metadata: {
        name: 'risk',
        labels: {
          'pod-security.kubernetes.io/enforce': 'baseline',
          'pod-security.kubernetes.io/warn': 'restricted',
          'ml-platform/owner': 'risk-ml',
          'ml-platform/cost-center': 'CC-4711',
        },
        annotations: { 'ml-platform/owner-contact': 'risk-ml@contoso.example' },
      },
      lifecycle: { prevent_destroy: true },
    });
  });

  test('may be destroyed in dev', () => {
    const { environment } = contractAttributes();
    const { stack } = tenant({}, { environment: { ...environment, stage: 'dev', strictness: 'dev' } });
    expect(synthesized(stack, 'kubernetes_namespace_v1.Risk')).not.toHaveProperty('lifecycle');
  });

  test('enforces the restricted level where asked', () => {
    const { stack } = tenant({ podSecurity: PodSecurityLevel.RESTRICTED });
    expect(synthesized(stack, 'kubernetes_namespace_v1.Risk')).toMatchObject({
      metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
    });
  });

  test('limits CPU, memory and GPUs to the quota of the contract, and opens no load balancer', () => {
    const [quota] = resourcesOf(tenant().stack, 'kubernetes_resource_quota_v1');
    expect(quota).toMatchObject({
      metadata: { namespace: '${kubernetes_namespace_v1.Risk.metadata[0].name}' },
      spec: {
        hard: {
          'requests.cpu': '32',
          'requests.memory': '128Gi',
          'requests.nvidia.com/mig-3g.40gb': '2',
          'services.loadbalancers': '0',
          'services.nodeports': '0',
        },
      },
    });
  });

  test('gives containers that state nothing a request, since the quota refuses them otherwise', () => {
    const [range] = resourcesOf(tenant().stack, 'kubernetes_limit_range_v1');
    expect(range).toMatchObject({ spec: { limit: [{ type: 'Container', default_request: { cpu: '100m', memory: '256Mi' } }] } });
  });

  test('puts an Azure identity behind the service account, without a mounted token', () => {
    const [account] = resourcesOf(tenant().stack, 'kubernetes_service_account_v1');
    expect(account).toMatchObject({
      automount_service_account_token: false,
      metadata: {
        name: 'workload',
        annotations: {
          'azure.workload.identity/client-id': expect.stringMatching(/^\$\{data\.azurerm_user_assigned_identity\..*client_id\}$/),
          'azure.workload.identity/tenant-id': '11111111-1111-1111-1111-111111111111',
        },
      },
    });
  });

  test('lets no traffic in or out but within the namespace, DNS, and HTTPS without the metadata service', () => {
    const found = policies(tenant().stack);
    expect(Object.keys(found).sort()).toEqual(['default-deny', 'dns', 'https', 'within-namespace']);
    expect(found['default-deny']?.spec).toEqual({ pod_selector: {}, policy_types: ['Ingress', 'Egress'] });
    expect(found.https?.spec).toMatchObject({
      policy_types: ['Egress'],
      egress: [{ to: [{ ip_block: { cidr: '0.0.0.0/0', except: ['169.254.169.254/32'] } }], ports: [{ port: '443' }] }],
    });
  });

  test('opens a way from a namespace, and to a port of one; asking twice changes nothing', () => {
    const { stack, risk } = tenant();
    risk.network.allowFromNamespace('gateway');
    risk.network.allowFromNamespace('gateway');
    risk.network.allowToNamespace('feast', 6566);
    const found = policies(stack);
    expect(found['from-gateway']?.spec).toMatchObject({
      policy_types: ['Ingress'],
      ingress: [{ from: [{ namespace_selector: { match_labels: { 'kubernetes.io/metadata.name': 'gateway' } } }] }],
    });
    expect(found['to-feast-6566']?.spec).toMatchObject({ egress: [{ ports: [{ port: '6566', protocol: 'TCP' }] }] });
  });

  test('refuses a tenant that the contract does not list', () => {
    expect(() => tenant({ tenant: 'riks' })).toThrow(/App\/Platform: contoso-ml-prod has no tenant of this name, got "riks"/);
  });
});
