import { allowing, inStage, type Json, LATER, only, type RuleCases, resource, type Stack, stack } from './case';

const DIGEST = `acme.azurecr.io/app@sha256:${'a'.repeat(64)}`;
const container = {
  name: 'app',
  image: DIGEST,
  liveness_probe: { http_get: { path: '/' } },
  readiness_probe: { http_get: { path: '/' } },
  resources: { requests: { cpu: '1', memory: '1Gi' }, limits: { memory: '1Gi' } },
  security_context: {
    allow_privilege_escalation: false,
    read_only_root_filesystem: true,
    run_as_non_root: true,
    capabilities: { drop: ['ALL'] },
    seccomp_profile: { type: 'RuntimeDefault' },
  },
};
const spec = { service_account_name: 'app', automount_service_account_token: false };
const pod = (part: Json, podPart: Json = {}): Stack =>
  only('kubernetes_deployment_v1')({
    metadata: { namespace: 'risk' },
    spec: { template: { spec: { ...spec, ...podPart, container: [{ ...container, ...part }] } } },
  });
const secure = (part: Json) => pod({ security_context: { ...container.security_context, ...part } });
const manifest = (kind: string, body: Json): Stack =>
  only('kubernetes_manifest')({ manifest: { kind, metadata: { name: 'x', namespace: 'risk' }, ...body } });
const camelPod = (part: Json): Stack =>
  manifest('Deployment', {
    spec: {
      template: {
        spec: {
          serviceAccountName: 'app',
          automountServiceAccountToken: false,
          containers: [
            {
              name: 'app',
              image: DIGEST,
              livenessProbe: { httpGet: { path: '/' } },
              readinessProbe: { httpGet: { path: '/' } },
              resources: { requests: { cpu: '1', memory: '1Gi' }, limits: { memory: '1Gi' } },
              securityContext: {
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                runAsNonRoot: true,
                capabilities: { drop: ['ALL'] },
                seccompProfile: { type: 'RuntimeDefault' },
              },
              ...part,
            },
          ],
        },
      },
    },
  });
const later = only('kubernetes_deployment_v1')({ metadata: { namespace: 'risk' }, spec: { template: { spec: LATER } } });
const namespace = (labels: unknown, name = 'risk') => only('kubernetes_namespace_v1')({ metadata: { name, labels } });
const LEVEL = 'pod-security.kubernetes.io/enforce';
const released = (...objects: Json[]): Stack => only('helm_release')({ chart: './chart', values: [JSON.stringify({ objects })] });
const inTeam = (type: string, more: Json): Json =>
  resource(`${type}.team`, { metadata: { namespace: '${kubernetes_namespace_v1.it.metadata[0].name}' }, ...more });
const quota = inTeam('kubernetes_resource_quota_v1', { spec: { hard: { 'requests.nvidia.com/gpu': '4' } } });
const limits = inTeam('kubernetes_limit_range_v1', { spec: {} });
const deny = inTeam('kubernetes_network_policy_v1', { spec: { pod_selector: {}, policy_types: ['Ingress', 'Egress'] } });
const team = (...parts: Json[]): Stack => stack(namespace({ 'ml-platform/tenant': 'risk', [LEVEL]: 'baseline' }).json, ...parts);
const role = (verbs: unknown, resources: unknown = ['pods']) =>
  only('kubernetes_role_v1')({ metadata: { namespace: 'risk' }, rule: [{ api_groups: [''], verbs, resources }] });
const release = only('helm_release');
const pinned = { chart: 'kueue', repository: 'oci://registry.k8s.io/kueue/charts', version: '0.19.2', namespace: 'kueue-system' };

const custom = (kind: string, spec: Json): Stack =>
  only('kubernetes_manifest')({
    manifest: { apiVersion: 'acme.example/v1', kind, metadata: { name: 'x', namespace: 'risk' }, spec },
  });
const ray = (part: Json, podPart: Json = {}): Stack =>
  custom('RayCluster', {
    workerGroupSpecs: [{ template: { spec: { ...podPart, containers: [{ name: 'ray', image: DIGEST, ...part }] } } }],
  });
const predictor = (model: Json): Stack =>
  custom('InferenceService', { predictor: { model: { modelFormat: { name: 'onnx' }, ...model } } });

export const KUBERNETES_CASES: Record<string, RuleCases> = {
  'MLP-K8S-001': {
    pass: [
      pod({}),
      namespace({ [LEVEL]: 'restricted' }),
      namespace({ [LEVEL]: 'privileged' }, 'gpu-operator'),
      only('kubernetes_cluster_role_v1')({ metadata: { name: 'x' } }),
      released({ kind: 'Namespace', metadata: { name: 'a', labels: { [LEVEL]: 'baseline' } } }),
      only('helm_release')({
        chart: './c',
        namespace: 'risk',
        values: [JSON.stringify({ objects: [{ kind: 'ConfigMap', metadata: { name: 'a' } }] })],
      }),
    ],
    fail: [
      only('kubernetes_config_map_v1')({ metadata: { name: 'x' } }),
      only('kubernetes_config_map_v1')({ metadata: { name: 'x', namespace: 'kube-system' } }),
      namespace({}),
      namespace({ [LEVEL]: 'privileged' }),
      released({ kind: 'ConfigMap', metadata: { name: 'a', namespace: 'default' } }),
      only('kubernetes_manifest')({ manifest: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } } }),
    ],
    unknown: [only('kubernetes_config_map_v1')({ metadata: { name: 'x', namespace: LATER } }), namespace(LATER)],
  },
  'MLP-K8S-002': {
    pass: [team(quota, limits, deny), namespace({ [LEVEL]: 'baseline' })],
    fail: [
      team(),
      team(limits, deny),
      team(quota, deny),
      team(quota, limits),
      team(inTeam('kubernetes_resource_quota_v1', { spec: { hard: { cpu: '4' } } }), limits, deny),
    ],
    unknown: [team(inTeam('kubernetes_resource_quota_v1', { spec: { hard: LATER } }), limits, deny), namespace(LATER)],
  },
  'MLP-K8S-003': {
    pass: [
      pod({}),
      camelPod({}),
      ray({}),
      predictor({}),
      custom('ClusterPolicy', { rules: [{ pattern: { containers: [{ image: 'x', securityContext: { privileged: true } }] } }] }),
      only('kubernetes_daemon_set_v1')({
        metadata: { namespace: 'gpu-operator' },
        spec: { template: { spec: { container: [{ name: 'driver', security_context: { privileged: true } }] } } },
      }),
    ],
    fail: [
      secure({ privileged: true }),
      secure({ allow_privilege_escalation: undefined }),
      pod({}, { host_network: true }),
      pod({}, { volume: [{ name: 'x', host_path: { path: '/' } }] }),
      pod({ port: [{ container_port: 80, host_port: 80 }] }),
      camelPod({ securityContext: { privileged: true, allowPrivilegeEscalation: false } }),
      ray({ securityContext: { privileged: true } }),
      ray({}, { hostNetwork: true }),
      predictor({ securityContext: { allowPrivilegeEscalation: true } }),
      custom('WorkflowTemplate', { templates: [{ container: { image: DIGEST, securityContext: { privileged: true } } }] }),
    ],
    unknown: [later, secure({ privileged: LATER })],
  },
  'MLP-K8S-004': {
    pass: [
      pod({}),
      camelPod({}),
      pod(
        { security_context: { ...container.security_context, run_as_non_root: undefined } },
        { security_context: { run_as_non_root: true } },
      ),
    ],
    fail: [
      pod({ security_context: {} }),
      secure({ read_only_root_filesystem: false }),
      secure({ capabilities: { drop: ['NET_RAW'] } }),
      secure({ run_as_non_root: false }),
      ray({ securityContext: { readOnlyRootFilesystem: false } }),
    ],
    unknown: [later, secure({ read_only_root_filesystem: LATER })],
  },
  'MLP-K8S-005': {
    pass: [
      pod({}),
      camelPod({}),
      only('kubernetes_job_v1')({
        metadata: { namespace: 'risk' },
        spec: { template: { spec: { container: [{ name: 'x', resources: container.resources }] } } },
      }),
      ray({}),
    ],
    fail: [
      pod({ resources: {} }),
      pod({ liveness_probe: undefined }),
      pod({
        resources: {
          requests: { cpu: '1', memory: '1Gi', 'nvidia.com/gpu': '2' },
          limits: { memory: '1Gi', 'nvidia.com/gpu': '1' },
        },
      }),
      ray({ resources: { requests: { 'nvidia.com/mig-1g.10gb': 1 }, limits: { 'nvidia.com/mig-1g.10gb': 2 } } }),
    ],
    unknown: [later, pod({ resources: { requests: { cpu: LATER, memory: '1Gi' }, limits: { memory: '1Gi' } } })],
  },
  'MLP-K8S-006': {
    pass: [
      pod({}),
      inStage('dev', pod({ image: 'ghcr.io/acme/app:1.2' })),
      camelPod({}),
      allowing({ registries: ['registry.acme.example'] }, inStage('dev', pod({ image: 'registry.acme.example/app:1.2' }))),
      predictor({}),
    ],
    fail: [
      pod({ image: 'ghcr.io/acme/app:1.2' }),
      inStage('dev', pod({ image: 'ghcr.io/acme/app:latest' })),
      inStage('dev', pod({ image: 'nginx:1.27' })),
      inStage('dev', pod({ image: 'registry.acme.example/app:1.2' })),
      ray({ image: 'rayproject/ray:latest' }),
    ],
    unknown: [later, pod({ image: LATER })],
  },
  'MLP-K8S-007': {
    pass: [
      stack(
        resource('kubernetes_service_account_v1.app', { metadata: { name: 'app', namespace: 'risk' } }),
        pod({}, { automount_service_account_token: undefined }).json,
        resource('kubernetes_role_binding_v1.app', {
          metadata: { namespace: 'risk' },
          subject: [{ kind: 'ServiceAccount', name: 'app', namespace: 'risk' }],
        }),
      ),
      pod({}),
      role(['get', 'list']),
      pod({}, { service_account_name: '${kubernetes_service_account_v1.app.metadata[0].name}' }),
    ],
    fail: [
      only('kubernetes_service_account_v1')({ metadata: { name: 'app', namespace: 'risk' } }),
      pod({}, { service_account_name: undefined }),
      pod({}, { service_account_name: 'default' }),
      pod({}, { automount_service_account_token: undefined }),
      role(['*']),
      released({ kind: 'ClusterRole', metadata: { name: 'x' }, rules: [{ verbs: ['get'], resources: ['*'] }] }),
    ],
    unknown: [later, pod({}, { automount_service_account_token: LATER }), role(LATER)],
  },
  'MLP-K8S-008': {
    pass: [
      pod({
        env: [
          { name: 'MODEL', value: 'fraud' },
          { name: 'API_TOKEN', value_from: { secret_key_ref: { name: 'x' } } },
        ],
      }),
      only('kubernetes_secret_v1')({
        metadata: { namespace: 'risk' },
        data: { token: '${data.azurerm_key_vault_secret.t.value}' },
      }),
      only('kubernetes_config_map_v1')({ metadata: { namespace: 'risk' }, data: { model: 'fraud' } }),
    ],
    fail: [
      pod({ env: [{ name: 'API_TOKEN', value: 'planted' }] }),
      only('kubernetes_secret_v1')({ metadata: { namespace: 'risk' }, data: { token: 'planted' } }),
      only('kubernetes_config_map_v1')({ metadata: { namespace: 'risk' }, data: { db_password: 'planted' } }),
      released({ kind: 'Secret', metadata: { name: 'x', namespace: 'risk' }, stringData: { a: 'planted' } }),
      ray({ env: [{ name: 'API_TOKEN', value: 'planted' }] }),
    ],
    unknown: [later, only('kubernetes_secret_v1')({ metadata: { namespace: 'risk' }, data: LATER })],
  },
  'MLP-HLM-001': {
    pass: [
      release(pinned),
      release({ chart: './charts/manifests' }),
      release({ chart: 'oci://quay.io/jetstack/charts/cert-manager', version: 'v1.21.1' }),
    ],
    fail: [
      release({ ...pinned, version: undefined }),
      release({ ...pinned, version: '~> 0.19' }),
      release({ ...pinned, repository: 'http://charts.example' }),
    ],
    unknown: [release({ ...pinned, version: LATER })],
  },
  'MLP-HLM-002': {
    pass: [
      release({ ...pinned, values: [JSON.stringify({ auth: { existingSecret: 'db', secretName: 'x' }, replicas: 2 })] }),
      release({ ...pinned, values: [JSON.stringify({ data: [{ secretKey: 'password', remoteRef: { key: 'db' } }] })] }),
      release({ ...pinned, values: [JSON.stringify({ alertmanagerSpec: { configSecret: 'receivers' } })] }),
      release({ ...pinned, values: ['auth:\n  existingSecret: db\n  enabled: true\n'], set: [{ name: 'replicas', value: '2' }] }),
    ],
    fail: [
      release({ ...pinned, values: [JSON.stringify({ auth: { adminPassword: 'planted' } })] }),
      release({ ...pinned, values: [JSON.stringify({ aws: { secretKey: 'planted' } })] }),
      release({ ...pinned, values: ['auth:\n  adminPassword: planted\n'] }),
      release({ ...pinned, set: [{ name: 'auth.apiKey', value: 'planted' }] }),
      release({ ...pinned, set_sensitive: [{ name: 'x', value: 'planted' }] }),
    ],
    unknown: [release({ ...pinned, values: LATER }), release({ ...pinned, set: [{ name: 'auth.apiKey', value: LATER }] })],
  },
  'MLP-HLM-003': {
    pass: [release(pinned), release({ ...pinned, namespace: '${kubernetes_namespace_v1.kueue.metadata[0].name}' })],
    fail: [
      release({ ...pinned, namespace: undefined }),
      release({ ...pinned, create_namespace: true }),
      release({ ...pinned, values: ['image:\n  tag: latest\n'] }),
    ],
    unknown: [release({ ...pinned, namespace: LATER })],
  },
};
