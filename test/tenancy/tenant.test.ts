import { TerraformStack, Testing } from 'cdktf';
import { describe, expect, test } from 'vitest';
import { PlatformContract, type PlatformContractAttributes } from '../../lib/contract';
import { PodSecurityLevel, PriorityClasses, Tenant, type TenantProps } from '../../lib/tenancy';
import { contractAttributes, fullContract } from '../helpers/contract';
import { crdProblems } from '../helpers/crd-schema';
import { objectsIn } from '../helpers/manifests';
import { schemaProblems } from '../helpers/provider-schema';
import { resolved } from '../helpers/resolve';
import { resourcesOf, synth, synthesized } from '../helpers/synth';

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

describe('what a tenant is given where the platform has it', () => {
  function full(props: Partial<TenantProps> = {}) {
    const stack = new TerraformStack(Testing.app(), 'App');
    const platform = PlatformContract.fromAttributes(stack, 'Platform', fullContract());
    return { stack, risk: new Tenant(stack, 'Risk', { platform, tenant: 'risk', ...props }) };
  }

  test('something that workloads in the same stack wait for: the queue, and without one the service account', () => {
    const waitsFor = ({ risk }: { risk: Tenant }) => resolved(risk, risk.dependable.fqn);
    expect(waitsFor(full())).toMatch(/^\$\{helm_release\.Risk_Queue/);
    expect(waitsFor(tenant())).toMatch(/^\$\{kubernetes_service_account_v1\.Risk/);
  });

  test('a queue for its jobs, after namespace and service account', () => {
    const { stack } = full();
    const [queue = {}] = resourcesOf(stack, 'helm_release');
    expect(queue.depends_on).toEqual([expect.stringMatching(/^kubernetes_service_account_v1\.Risk_ServiceAccount/)]);
    expect(objectsIn(queue)).toMatchObject([
      { kind: 'LocalQueue', metadata: { name: 'jobs', namespace: 'risk' }, spec: { clusterQueue: 'risk' } },
    ]);
    expect(crdProblems(objectsIn(queue))).toEqual([]);
  });

  test('ways in for the gateway and for Prometheus', () => {
    expect(Object.keys(policies(full().stack))).toEqual(
      expect.arrayContaining(['from-envoy-gateway-system', 'from-monitoring', 'default-deny']),
    );
  });

  test('no queue where the contract promises none', () => {
    expect(resourcesOf(tenant().stack, 'helm_release')).toEqual([]);
  });
});

describe('roles of a tenant', () => {
  const [reader, developer] = ['3a6cb1d2-0000-4000-8000-000000000021', '3a6cb1d2-0000-4000-8000-000000000022'];

  test('are bound to Entra groups by their object ids, a role only where somebody has it', () => {
    const { stack } = tenant({ access: { readers: [reader], developers: [developer] } });
    const bindings = resourcesOf(stack, 'kubernetes_role_binding_v1');
    expect(bindings).toHaveLength(2);
    expect(bindings).toContainEqual(
      expect.objectContaining({
        metadata: expect.objectContaining({ name: 'tenant-reader' }),
        subject: [{ api_group: 'rbac.authorization.k8s.io', kind: 'Group', name: reader }],
      }),
    );
  });

  test('never read secrets, and nobody gives himself a role', () => {
    const { stack } = tenant({ access: { readers: [reader], developers: [developer], operators: [developer] } });
    for (const role of resourcesOf(stack, 'kubernetes_role_v1') as { rule: { resources: string[]; api_groups: string[] }[] }[]) {
      for (const rule of role.rule) {
        expect(rule.resources).not.toContain('secrets');
        expect(rule.api_groups).not.toContain('rbac.authorization.k8s.io');
        if (rule.api_groups.includes('')) expect(rule.resources).not.toContain('*');
      }
    }
  });

  test('refuse a group by its name', () => {
    expect(() => tenant({ access: { readers: ['risk-ml'] } })).toThrow(/not the object id of an Entra group, got "risk-ml"/);
  });
});

describe('ways of a tenant', () => {
  test('open on both sides for another tenant', () => {
    const stack = new TerraformStack(Testing.app(), 'App');
    const { tenants } = contractAttributes();
    const search = { ...(tenants[0] as (typeof tenants)[number]), name: 'search', namespace: 'search' };
    const attributes = contractAttributes({ tenants: [...tenants, search] });
    const platform = PlatformContract.fromAttributes(stack, 'Platform', attributes);
    const risk = new Tenant(stack, 'Risk', { platform, tenant: 'risk' });
    const other = new Tenant(stack, 'Search', { platform, tenant: 'search' });
    risk.allowFrom(other);
    const names = (resourcesOf(stack, 'kubernetes_network_policy_v1') as { metadata: { name: string } }[]).map(
      (policy) => policy.metadata.name,
    );
    expect(names).toEqual(expect.arrayContaining(['from-search', 'to-risk']));
  });

  test('lead to a service of the cluster and to a range outside of it', () => {
    const { stack, risk } = tenant();
    risk.allowEgressTo({ namespace: 'feast', port: 6566 });
    risk.network.allowToCidr('10.8.0.0/24', 5432);
    const found = policies(stack);
    expect(found['to-feast-6566']?.spec).toMatchObject({ egress: [{ ports: [{ port: '6566' }] }] });
    expect(found['to-10-8-0-0-24-5432']?.spec).toMatchObject({
      policy_types: ['Egress'],
      egress: [{ to: [{ ip_block: { cidr: '10.8.0.0/24' } }], ports: [{ port: '5432' }] }],
    });
  });

  test.each(['0.0.0.0/0', '169.254.169.254/32', '10.8.0.0', 'feast'])('do not lead to %s', (cidr) => {
    expect(() => tenant().risk.network.allowToCidr(cidr, 443)).toThrow(/range is not valid/);
  });
});

describe('secrets of a tenant', () => {
  test('come from the vault as the identity of the tenant, and not through Terraform', () => {
    const { stack, risk } = tenant();
    risk.secrets.add('database', { keys: { password: 'risk-database-password' } });
    risk.secrets.add('broker', { keys: { token: 'risk-broker' }, refreshMinutes: 5 });
    const [release] = resourcesOf(stack, 'helm_release');
    const objects = objectsIn(release ?? {});
    expect(crdProblems(objects)).toEqual([]);
    expect(objects).toMatchObject([
      {
        kind: 'SecretStore',
        spec: {
          provider: {
            azurekv: {
              authType: 'WorkloadIdentity',
              vaultUrl: 'https://kv-contoso.vault.azure.net/',
              serviceAccountRef: { name: 'workload' },
            },
          },
        },
      },
      {
        kind: 'ExternalSecret',
        metadata: { name: 'database' },
        spec: { data: [{ secretKey: 'password', remoteRef: { key: 'risk-database-password' } }], refreshInterval: '60m0s' },
      },
      { kind: 'ExternalSecret', metadata: { name: 'broker' }, spec: { refreshInterval: '5m0s' } },
    ]);
  });

  test('come from a vault of its own where it has one: names need no prefix there', () => {
    const { tenants } = contractAttributes();
    const [first] = tenants;
    const keyVault = { name: 'kv-risk', id: '/subscriptions/s/kv-risk', uri: 'https://kv-risk.vault.azure.net' };
    const { stack, risk } = tenant({}, { tenants: [{ ...(first as (typeof tenants)[number]), keyVault }] });
    risk.secrets.add('database', { keys: { password: 'database-password' } });
    const [store] = objectsIn(resourcesOf(stack, 'helm_release')[0] ?? {});
    expect(store).toMatchObject({ spec: { provider: { azurekv: { vaultUrl: keyVault.uri } } } });
    expect(() => risk.secrets.add('other', { keys: { password: 'a b' } })).toThrow(
      /name of a secret of the vault is not valid, got "a b"\n {2}allowed: 1-127 letters.*\n {2}fix: e\.g\. "a-b"/,
    );
  });

  test.each([
    ['of another tenant', 'database', { password: 'search-password' }, /reads its own secrets only, got "search-password"/],
    ['under a name that is not valid', 'Database', { password: 'risk-a' }, /name of the secret is not valid/],
    ['without keys', 'database', {}, /the secret has no keys/],
    ['with a key that is not valid', 'database', { 'a b': 'risk-a' }, /key of the secret is not valid/],
  ])('are refused %s', (_, name, keys, message) => {
    expect(() => tenant().risk.secrets.add(name, { keys: keys as Record<string, string> })).toThrow(message);
  });

  test('are looked at within a day', () => {
    expect(() => tenant().risk.secrets.add('a', { keys: { b: 'risk-b' }, refreshMinutes: 2000 })).toThrow(/1-1440/);
  });
});

describe('what a tenant cannot be', () => {
  function changed(change: Partial<PlatformContractAttributes['tenants'][number]>) {
    const { tenants } = contractAttributes();
    return () => tenant({}, { tenants: [{ ...(tenants[0] as (typeof tenants)[number]), ...change }] });
  }

  test.each(['kube-system', 'aks-command', 'default', 'kserve', 'keda', 'monitoring'])(
    'a namespace that is taken: %s',
    (namespace) => {
      expect(changed({ namespace })).toThrow(/belongs to the cluster or to a controller/);
    },
  );

  test.each(['Risk', 'risk_ml', '-risk', 'r'.repeat(64)])('a namespace that Kubernetes refuses: %s', (namespace) => {
    expect(changed({ namespace })).toThrow(/namespace is not valid/);
  });

  test('larger than all pools', () => {
    expect(
      changed({ quota: { cpu: 1000, memoryGib: 64, gpus: { 'nvidia.com/mig-3g.40gb': 9, 'nvidia.com/mig-1g.10gb': 1 } } }),
    ).toThrow(
      [
        'App/Risk: quota of tenant risk exceeds all pools at their largest, got 1000 CPU cores, 9 nvidia.com/mig-3g.40gb, 1 nvidia.com/mig-1g.10gb',
        '  allowed: 152 CPU cores, 4 nvidia.com/mig-3g.40gb, 0 nvidia.com/mig-1g.10gb',
      ].join('\n'),
    );
  });
});

test('priority classes put serving before training before batch, and batch takes the place of nobody', () => {
  const stack = new TerraformStack(Testing.app(), 'App');
  new PriorityClasses(stack, 'Priorities', {
    platform: PlatformContract.fromAttributes(stack, 'Platform', contractAttributes()),
  });
  const classes = resourcesOf(stack, 'kubernetes_priority_class_v1') as { metadata: { name: string }; value: number }[];
  const byValue = [...classes].sort((a, b) => b.value - a.value);
  expect(byValue.map(({ metadata }) => metadata.name)).toEqual(['ml-serving', 'ml-training', 'ml-batch']);
  expect(byValue[2]).toMatchObject({ preemption_policy: 'Never' });
});

test('what a tenant emits fits the provider schemas', () => {
  const { stack, risk } = tenant({ access: { operators: ['3a6cb1d2-0000-4000-8000-000000000021'] } });
  new PriorityClasses(stack, 'Priorities', {
    platform: PlatformContract.fromAttributes(stack, 'Contract', contractAttributes()),
  });
  risk.network.allowToCidr('10.8.0.0/24', 5432);
  expect(schemaProblems(synth(stack))).toEqual([]);
});
