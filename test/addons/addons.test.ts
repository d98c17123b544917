import { randomBytes } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TerraformStack } from 'cdktf';
import { describe, expect, test } from 'vitest';
import {
  Airflow,
  ArgoCd,
  ArgoWorkflows,
  CertManager,
  type DagRepository,
  EnvoyAiGateway,
  EnvoyGateway,
  Evidently,
  ExternalSecrets,
  FeastServer,
  GpuOperator,
  GrafanaDashboard,
  Istio,
  Keda,
  KServe,
  KServeMode,
  KubeflowTrainer,
  KubePrometheusStack,
  Kueue,
  Mlflow,
  NvidiaDevicePlugin,
  NvidiaNetworkOperator,
  Velero,
} from '../../lib/addons';
import type { ContractServing, IMlPlatform } from '../../lib/contract';
import { ImageLock } from '../../lib/core';
import { GpuDriver } from '../../lib/gpu';
import { RuntimeTemplate } from '../../lib/serving';
import { contractAttributes } from '../helpers/contract';
import { crdProblems } from '../helpers/crd-schema';
import { resourcesOf, synth, testStack } from '../helpers/synth';
import { allPools, everyAddon } from './every-addon';
import { testPlatform, testPools } from './platform';

const CLIENT = '22222222-2222-2222-2222-222222222222';

/** The values of the release of a chart, after synth without validations. */
function valuesOf(make: (stack: TerraformStack, platform: IMlPlatform) => void, chart: string, pools = testPools()): unknown {
  const stack = testStack();
  make(stack, testPlatform(stack, pools));
  const release = resourcesOf(stack, 'helm_release').find((candidate) => candidate.chart === chart);
  if (!release) throw new Error(`no release of ${chart}`);
  return parsed(release);
}

function parsed(release: Record<string, unknown> | undefined): unknown {
  const [text] = (release?.values ?? []) as string[];
  return JSON.parse(text ?? '{}');
}

/** Objects of all releases of our own chart. */
function objectsOf(stack: TerraformStack): Record<string, unknown>[] {
  return objectsIn(resourcesOf(stack, 'helm_release'));
}

function objectsIn(releases: Record<string, unknown>[]): Record<string, unknown>[] {
  return releases.flatMap((release) => {
    const { objects } = parsed(release) as { objects?: Record<string, unknown>[] };
    return objects ?? [];
  });
}

describe('GpuOperator', () => {
  const values = (pools = testPools(), props = {}) =>
    valuesOf((stack, platform) => new GpuOperator(stack, 'GpuOperator', { platform, ...props }), 'gpu-operator', pools);

  test('installs driver and toolkit where AKS installs none', () => {
    expect(values()).toMatchObject({
      driver: { enabled: true },
      toolkit: { enabled: true },
      operator: { runtimeClass: 'nvidia' },
    });
  });

  test('leaves both to AKS where AKS installs them', () => {
    expect(values(testPools(GpuDriver.AKS))).toMatchObject({
      driver: { enabled: false },
      toolkit: { enabled: false },
      operator: { runtimeClass: 'nvidia-container-runtime' },
      migManager: { enabled: false },
    });
  });

  test('has a configuration for each way of sharing, under the name that the nodes carry', () => {
    const pools = testPools();
    const { config } = (
      values(pools) as { devicePlugin: { config: { name: string; default: string; data: Record<string, string> } } }
    ).devicePlugin;
    const label = pools.find(({ name }) => name === 't4')?.labels['nvidia.com/device-plugin.config'] ?? '';
    expect(config).toMatchObject({ create: true, default: 'default' });
    expect(JSON.parse(config.data[label] ?? '')).toMatchObject({ sharing: { timeSlicing: { resources: [{ replicas: 4 }] } } });
    expect(JSON.parse(config.data.default ?? '')).not.toHaveProperty('sharing');
  });

  test('has a configuration for each MIG layout, under the name that the nodes carry', () => {
    const pools = testPools();
    const { config } = (values(pools) as { migManager: { config: { data: Record<string, string> } } }).migManager;
    const label = pools.find(({ name }) => name === 'a100')?.labels['nvidia.com/mig.config'] ?? '';
    const configs = JSON.parse(config.data['config.yaml'] ?? '') as { 'mig-configs': Record<string, object[]> };
    expect(configs['mig-configs'][label]).toEqual([{ devices: 'all', 'mig-enabled': true, 'mig-devices': { '1g.10gb': 7 } }]);
    expect(configs['mig-configs']).toHaveProperty('all-disabled');
  });

  test('tolerates the taints of its pools in both places that replace their defaults', () => {
    const tolerations = [
      { key: 'kubernetes.azure.com/scalesetpriority', operator: 'Equal', value: 'spot', effect: 'NoSchedule' },
      { key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' },
    ];
    expect(values()).toMatchObject({
      daemonsets: { tolerations },
      'node-feature-discovery': { worker: { tolerations } },
    });
  });

  test('is plain where no pool shares', () => {
    const whole = testPools().map((pool) => {
      if (!pool.gpu) return pool;
      const { migLayout, replicas, ...gpu } = pool.gpu;
      return { ...pool, gpu: { ...gpu, sharing: 'none' } };
    });
    expect(values(whole)).toMatchObject({ devicePlugin: { config: { create: false } }, migManager: { enabled: false } });
  });

  test('takes a driver version and what else the user writes, but not what the pools decide', () => {
    const stack = testStack();
    const operator = new GpuOperator(stack, 'GpuOperator', {
      platform: testPlatform(stack),
      driverVersion: '580.1',
      values: { dcgmExporter: { enablePodLabels: true }, driver: { enabled: false }, migManagr: { enabled: true } },
    });
    const [release] = resourcesOf(stack, 'helm_release');
    expect(parsed(release)).toMatchObject({
      driver: { version: '580.1', enabled: true },
      dcgmExporter: { enablePodLabels: true, serviceMonitor: { enabled: true } },
    });
    const warnings = operator.node.metadata.map(({ data }) => String(data));
    expect(warnings).toEqual([
      expect.stringMatching(/chart gpu-operator has no values\.migManagr.*migManager/),
      expect.stringMatching(/values\.driver\.enabled is decided by the platform, yours is ignored: true stays/),
    ]);
  });

  test('leaves node feature discovery to the network operator with RDMA, and asks for it', () => {
    const stack = testStack();
    new GpuOperator(stack, 'GpuOperator', { platform: testPlatform(stack), rdma: true });
    expect(() => synth(stack, true)).toThrow(/gpu-operator needs network-operator/);
    expect(values(testPools(), { rdma: true })).toMatchObject({ nfd: { enabled: false }, driver: { rdma: { enabled: true } } });
  });

  test('is scraped by one Prometheus: the one in the cluster, or the managed one by a monitor of its kind', () => {
    const stack = testStack();
    const { cluster } = contractAttributes();
    const platform = testPlatform(stack, testPools(), { cluster: { ...cluster, managedAddOns: ['prometheus'] } });
    expect(() => new GpuOperator(stack, 'Both', { platform, serviceMonitor: true })).toThrow(
      /two Prometheus would scrape the GPUs/,
    );
    new GpuOperator(stack, 'GpuOperator', { platform });
    const objects = objectsOf(stack);
    expect(objects).toEqual([expect.objectContaining({ apiVersion: 'azmonitoring.coreos.com/v1', kind: 'PodMonitor' })]);
    // Azure's kind is the operator's under another group.
    expect(crdProblems(objects.map((object) => ({ ...object, apiVersion: 'monitoring.coreos.com/v1' })))).toEqual([]);
    const [operator] = resourcesOf(stack, 'helm_release').filter(({ name }) => name === 'gpu-operator');
    expect(parsed(operator)).toMatchObject({ dcgmExporter: { serviceMonitor: { enabled: false } } });
    expect(values()).toMatchObject({ dcgmExporter: { serviceMonitor: { enabled: true } } });
  });

  test('refuses two drivers side by side, unless a pool is kept from it', () => {
    const mixed = [...testPools(), ...testPools(GpuDriver.AKS).map((pool) => ({ ...pool, name: `${pool.name}aks` }))];
    expect(() => values(mixed)).toThrow(/side by side.*a100: operator, t4: operator, a100aks: aks.*operatorManaged: false/s);
    const kept = mixed.map((pool) =>
      pool.gpu?.driver === 'aks' ? { ...pool, labels: { ...pool.labels, 'nvidia.com/gpu.deploy.operands': 'false' } } : pool,
    );
    expect(values(kept)).toMatchObject({ driver: { enabled: true } });
  });

  test('refuses a platform without GPUs', () => {
    expect(() => values(testPools().filter(({ gpu }) => !gpu))).toThrow(/no pool for the GPU operator/);
  });

  test('refuses time slicing and MPS in one configuration of the user', () => {
    const both = 'version: v1\nsharing:\n  timeSlicing: {}\n  mps: {}\n';
    expect(() => values(testPools(), { values: { devicePlugin: { config: { data: { mine: both } } } } })).toThrow(
      /time slicing and MPS exclude each other.*data\.mine/s,
    );
  });
});

describe('values of the user', () => {
  test('of another type than the chart takes are refused', () => {
    const stack = testStack();
    const platform = testPlatform(stack);
    expect(() => new CertManager(stack, 'A', { platform, values: { replicaCount: 'two' } })).toThrow(
      /chart cert-manager takes: values\.replicaCount, got string "two"\n {2}allowed: number/,
    );
    expect(() => new CertManager(stack, 'B', { platform, values: { webhook: 3 } })).toThrow(/values\.webhook, got number.*map/s);
    expect(
      () => new KServe(stack, 'C', { platform, values: { kserve: { metricsaggregator: { enableMetricAggregation: true } } } }),
    ).toThrow(/enableMetricAggregation, got boolean true\n {2}allowed: string/);
  });

  test('reach the chart as they are, with what Terraform would read as its own kept apart', () => {
    const values = valuesOf(
      (stack, platform) => new CertManager(stack, 'C', { platform, values: { podLabels: { note: '${HOME} %{if}' } } }),
      'cert-manager',
    );
    expect(values).toMatchObject({ podLabels: { note: '$${HOME} %%{if}' } });
  });

  test('that would not fit into a release beside the chart itself are refused, by what Helm stores of them', () => {
    const install = (bytes: number, chart: 'CertManager' | 'Trainer') => {
      const stack = testStack();
      // Random: text that repeats itself would be compressed to nothing.
      const values = { extraObjects: [randomBytes(bytes).toString('hex')] };
      const platform = testPlatform(stack);
      if (chart === 'CertManager') new CertManager(stack, 'C', { platform, values });
      else new KubeflowTrainer(stack, 'T', { platform, values });
    };
    expect(() => install(50_000, 'CertManager')).not.toThrow();
    expect(() => install(600_000, 'CertManager')).toThrow(
      /release is too large.*1 MiB.*chart cert-manager takes about 293 KiB.*1024 KiB/s,
    );
    // The CRDs of the Trainer fill most of a release.
    expect(() => install(150_000, 'Trainer')).toThrow(/chart kubeflow-trainer takes about 860 KiB by itself/);
  });
});

describe('add-ons together', () => {
  // Two dozen add-ons take a second to synthesize: once is enough.
  const stack = everyAddon();
  const json = synth(stack);
  const all = (type: string) => Object.values(json.resource?.[type] ?? {});

  test('stand in one stack, each in a namespace that limits its pods', () => {
    expect(() => synth(stack, true)).not.toThrow();
    const namespaces = all('kubernetes_namespace_v1') as {
      metadata: { name: string; labels: Record<string, string> };
    }[];
    const enforced = Object.fromEntries(
      namespaces.map(({ metadata }) => [metadata.name, metadata.labels['pod-security.kubernetes.io/enforce']]),
    );
    expect(
      Object.entries(enforced)
        .filter(([, level]) => level === 'privileged')
        .map(([name]) => name)
        .sort(),
    ).toEqual(['gpu-operator', 'monitoring', 'network-operator', 'nvidia-device-plugin']);
  });

  test('pin every chart and wait for it', () => {
    for (const release of all('helm_release')) {
      if (release.repository === undefined) continue; // our own chart of manifests
      expect(release).toMatchObject({
        version: expect.stringMatching(/^v?\d+\.\d+\.\d+/),
        wait: true,
        create_namespace: false,
        max_history: 5,
      });
    }
  });

  test('write custom resources that fit their CRDs', () => {
    const objects = objectsIn(all('helm_release'));
    expect([...new Set(objects.map(({ kind }) => kind))].sort()).toEqual([
      'Certificate',
      'ClusterIssuer',
      'ClusterSecretStore',
      'CustomResourceDefinition',
      'KnativeServing',
      'NicClusterPolicy',
    ]);
    expect(crdProblems(objects.filter(({ kind }) => kind !== 'CustomResourceDefinition'))).toEqual([]);
  });

  test('ask their webhooks for an answer before anything of their kinds follows, as a restricted pod that may do nothing else', () => {
    const jobs = all('kubernetes_job_v1');
    expect(jobs).toHaveLength(2);
    for (const job of jobs) {
      expect(job).toMatchObject({
        wait_for_completion: true,
        metadata: { name: expect.stringMatching(/^probe-[a-z]+-[0-9a-f]{8}$/) },
      });
      expect(JSON.stringify(job)).toContain('"run_as_non_root":true');
    }
    for (const role of all('kubernetes_cluster_role_v1')) {
      expect(role.rule).toEqual([
        { api_groups: [expect.stringContaining('.')], resources: [expect.any(String)], verbs: ['create', 'get'] },
      ]);
    }
    const probed = all('kubernetes_config_map_v1').map(
      ({ data }) => JSON.parse((data as Record<string, string>)['object.json'] ?? '{}') as unknown,
    );
    expect(crdProblems(probed)).toEqual([]);
    const runtimes = all('helm_release').find(({ name }) => name === 'kserve-runtime-configs');
    expect(runtimes?.depends_on).toEqual([expect.stringMatching(/^helm_release\.KServe_Llm_/)]);
    const llm = all('helm_release').find(({ name }) => name === 'kserve-llmisvc');
    expect(llm?.depends_on).toEqual([expect.stringMatching(/^kubernetes_job_v1\.KServe_Probe/)]);
  });

  test('are not installed twice', () => {
    const stack = testStack();
    const platform = testPlatform(stack);
    new CertManager(stack, 'A', { platform });
    expect(() => new CertManager(stack, 'B', { platform })).toThrow(/cert-manager is installed twice, got Test\/A and Test\/B/);
  });

  test.each<[string, string, (stack: TerraformStack, platform: IMlPlatform) => void, RegExp]>([
    [
      'KEDA',
      'keda',
      (stack, platform) => new Keda(stack, 'Keda', { platform }),
      /keda and aks-keda exclude each other: a cluster has one metrics server/,
    ],
    [
      'Prometheus',
      'prometheus',
      (stack, platform) => new KubePrometheusStack(stack, 'Monitoring', { platform }),
      /kube-prometheus-stack and aks-prometheus exclude each other/,
    ],
  ])("refuse AKS's own %s beside ours", (_, managed, make, message) => {
    const stack = testStack();
    const { cluster } = contractAttributes();
    const platform = testPlatform(stack, testPools(), { cluster: { ...cluster, managedAddOns: [managed] } });
    make(stack, platform);
    expect(() => synth(stack, true)).toThrow(message);
  });

  test('say when nothing offers the GPUs of a pool', () => {
    const stack = testStack();
    new CertManager(stack, 'CertManager', { platform: testPlatform(stack) });
    expect(() => synth(stack, true)).toThrow(/nothing would offer the GPUs.*a100 \(driver operator\), t4/s);
  });

  test('say when no pool takes their controllers', () => {
    const stack = testStack();
    const pools = testPools().filter(({ name }) => name !== 'cpu');
    new GpuOperator(stack, 'GpuOperator', { platform: testPlatform(stack, pools) });
    expect(() => synth(stack, true)).toThrow(/no pool takes the controllers of the add-ons/);
  });

  test('take what stands elsewhere', () => {
    const stack = testStack();
    const providedElsewhere = ['cert-manager', 'gpu-operator'];
    new Kueue(stack, 'Kueue', { platform: testPlatform(stack), providedElsewhere });
    expect(() => synth(stack, true)).not.toThrow();
  });

  test('stand after all that belongs to the earlier one, custom resources too, whichever was declared first', () => {
    for (const networkFirst of [true, false]) {
      const stack = testStack();
      const platform = testPlatform(stack, allPools());
      const network = () =>
        new NvidiaNetworkOperator(stack, 'Net', { platform, ofedDriverVersion: 'doca3.1.0', rdmaDevicePluginVersion: 'v1' });
      const gpu = () => new GpuOperator(stack, 'Gpu', { platform, rdma: true });
      for (const make of networkFirst ? [network, gpu] : [gpu, network]) make();
      const operator = resourcesOf(stack, 'helm_release').find(({ name }) => name === 'gpu-operator');
      expect(operator?.depends_on).toContainEqual(expect.stringMatching(/^helm_release\.Net_NicClusterPolicy/));
    }
  });

  test('wait for each other where the user says so', () => {
    const stack = testStack();
    const platform = testPlatform(stack);
    const keda = new Keda(stack, 'Keda', { platform });
    new Istio(stack, 'Istio', { platform, dependsOn: [keda] });
    const base = resourcesOf(stack, 'helm_release').find(({ name }) => name === 'istio-base');
    expect(base?.depends_on).toContain('helm_release.Keda');
  });
});

describe('NvidiaDevicePlugin', () => {
  test('serves the pools whose driver AKS installs, and only those', () => {
    const values = valuesOf(
      (stack, platform) => new NvidiaDevicePlugin(stack, 'P', { platform }),
      'nvidia-device-plugin',
      allPools(),
    );
    expect(JSON.stringify(values)).toContain('"values":["a10"]');
    expect(values).toMatchObject({ config: { default: 'default', map: { 'time-slicing-2': expect.any(String) } } });
  });

  test('refuses to serve pools that the operator serves too', () => {
    const stack = testStack();
    const platform = testPlatform(stack, testPools(GpuDriver.AKS));
    new GpuOperator(stack, 'GpuOperator', { platform });
    new NvidiaDevicePlugin(stack, 'Plugin', { platform });
    expect(() => synth(stack, true)).toThrow(
      /nvidia-device-plugin and gpu-operator exclude each other: both would offer the GPUs of a100, t4/,
    );
  });

  test('refuses a platform where the operator installs all drivers', () => {
    const stack = testStack();
    expect(() => new NvidiaDevicePlugin(stack, 'Plugin', { platform: testPlatform(stack) })).toThrow(/no pool has AKS's driver/);
  });
});

describe('NvidiaNetworkOperator', () => {
  const props = { ofedDriverVersion: 'doca3.1.0', rdmaDevicePluginVersion: 'v1' };

  test('installs the driver on pools with RDMA only', () => {
    const stack = testStack();
    new NvidiaNetworkOperator(stack, 'N', { platform: testPlatform(stack, allPools()), ...props });
    const [policy] = objectsOf(stack);
    expect(policy).toMatchObject({ kind: 'NicClusterPolicy', spec: { ofedDriver: { version: 'doca3.1.0' } } });
    expect(JSON.stringify(policy)).toContain('"values":["h100"]');
    expect(NvidiaNetworkOperator.RESOURCE_NAME).toBe('rdma/shared_ib');
  });

  test('refuses a platform without RDMA', () => {
    const stack = testStack();
    expect(() => new NvidiaNetworkOperator(stack, 'N', { platform: testPlatform(stack), ...props })).toThrow(
      /no pool of the platform has RDMA/,
    );
  });
});

describe('KServe', () => {
  const serving = { deploymentMode: 'Standard', namespace: 'kserve' };
  const platformWith = (overrides: Partial<ContractServing>) => {
    const stack = testStack();
    return { stack, platform: testPlatform(stack, testPools(), { serving: { ...serving, ...overrides } }) };
  };
  const values = (props = {}) =>
    valuesOf((stack, platform) => new KServe(stack, 'KServe', { platform, ...props }), 'kserve-resources');

  test('serves in the mode of the contract behind its gateway, never through the open gateway of the chart', () => {
    expect(values()).toMatchObject({
      kserve: {
        controller: {
          deploymentMode: 'Standard',
          gateway: {
            domain: 'ml.contoso.example',
            urlScheme: 'https',
            ingressGateway: { enableGatewayApi: true, createGateway: false, kserveGateway: 'gateways/models' },
          },
        },
      },
    });
  });

  test('publishes no model by itself: its routes would check no token', () => {
    expect(values()).toMatchObject({ kserve: { controller: { gateway: { disableIngressCreation: true } } } });
    expect(values({ ownRoutes: true })).toMatchObject({ kserve: { controller: { gateway: { disableIngressCreation: false } } } });
  });

  test('takes a domain and a gateway, and refuses a gateway without a namespace', () => {
    const { stack, platform } = platformWith({});
    expect(new KServe(stack, 'A', { platform })).toMatchObject({
      domain: 'contoso-ml-prod.internal',
      gateway: 'kserve/kserve-ingress-gateway',
    });
    const other = platformWith({});
    const kserve = new KServe(other.stack, 'B', {
      platform: other.platform,
      domain: 'ml.contoso.example',
      gateway: 'gateways/own',
    });
    expect(kserve).toMatchObject({ domain: 'ml.contoso.example', gateway: 'gateways/own' });
    expect(() => new KServe(stack, 'C', { platform, gateway: 'models' })).toThrow(
      /gateway is not valid, got "models".*<namespace>\/<name>/s,
    );
  });

  test('needs Knative in its mode', () => {
    const { stack, platform } = platformWith({ deploymentMode: KServeMode.KNATIVE });
    new KServe(stack, 'KServe', { platform });
    expect(() => synth(stack, true)).toThrow(/kserve needs knative/);
  });

  test('brings the controller for language models on demand, sharing what both need', () => {
    const llm = valuesOf((stack, platform) => new KServe(stack, 'K', { platform, llm: true }), 'kserve-llmisvc-resources');
    expect(llm).toMatchObject({ kserve: { createSharedResources: false } });
    const stack = testStack();
    new KServe(stack, 'K', { platform: testPlatform(stack), servingRuntimes: false });
    expect(resourcesOf(stack, 'helm_release').map(({ chart }) => chart)).toEqual(['kserve-resources', 'kserve-crd']);
  });
});

describe('KubeflowTrainer', () => {
  test('brings JobSet along, or takes the one that stands', () => {
    const values = (props = {}) =>
      valuesOf((stack, platform) => new KubeflowTrainer(stack, 'T', { platform, ...props }), 'kubeflow-trainer');
    expect(values()).toMatchObject({ jobset: { install: true }, runtimes: { defaultEnabled: false } });
    expect(values({ jobSet: false })).toMatchObject({ jobset: { install: false } });
  });
});

describe('Kueue', () => {
  test('queues jobs and leaves services alone', () => {
    const values = valuesOf((stack, platform) => new Kueue(stack, 'K', { platform }), 'kueue') as {
      managerConfig: { controllerManagerConfigYaml: string };
    };
    const configuration = JSON.parse(values.managerConfig.controllerManagerConfigYaml) as {
      integrations: { frameworks: string[] };
    };
    expect(configuration.integrations.frameworks).toContain('trainer.kubeflow.org/trainjob');
    expect(configuration.integrations.frameworks).not.toContain('pod');
    expect(configuration).toMatchObject({ internalCertManagement: { enable: false }, fairSharing: expect.anything() });
  });
});

describe('KubePrometheusStack', () => {
  test('keeps metrics on disk, reads monitors of all namespaces, and leaves Grafana out', () => {
    const values = valuesOf(
      (stack, platform) => new KubePrometheusStack(stack, 'M', { platform, retentionDays: 30 }),
      'kube-prometheus-stack',
    );
    expect(values).toMatchObject({
      kubeEtcd: { enabled: false },
      grafana: { enabled: false },
      prometheus: { prometheusSpec: { retention: '30d', serviceMonitorSelectorNilUsesHelmValues: false, replicas: 2 } },
    });
  });

  test('sends alerts as a Secret says, and warns when nobody would hear of them', () => {
    const values = valuesOf(
      (stack, platform) => new KubePrometheusStack(stack, 'M', { platform, receiversSecret: 'receivers' }),
      'kube-prometheus-stack',
    );
    expect(values).toMatchObject({
      alertmanager: { alertmanagerSpec: { useExistingSecret: true, configSecret: 'receivers' } },
    });
    const stack = testStack();
    const silent = new KubePrometheusStack(stack, 'M', { platform: testPlatform(stack) });
    expect(silent.node.metadata.map(({ data }) => String(data))).toEqual([expect.stringContaining('nobody hears of alerts')]);
  });

  test('refuses a Grafana with the password of the documentation', () => {
    const stack = testStack();
    expect(() => new KubePrometheusStack(stack, 'M', { platform: testPlatform(stack), grafana: true })).toThrow(
      /grafanaAdminSecret/,
    );
  });
});

describe('ExternalSecrets', () => {
  test("opens the platform's key vault to the namespaces of add-ons alone, by workload identity", () => {
    const stack = testStack();
    const secrets = new ExternalSecrets(stack, 'S', { platform: testPlatform(stack), keyVaultIdentityClientId: CLIENT });
    expect(secrets.stores).toBeDefined();
    expect(objectsOf(stack)).toEqual([
      expect.objectContaining({
        kind: 'ClusterSecretStore',
        metadata: { name: ExternalSecrets.KEY_VAULT_STORE },
        spec: {
          conditions: [
            { namespaces: ['airflow', 'argo', 'argocd', 'evidently', 'feast', 'mlflow', 'monitoring', 'external-secrets'] },
          ],
          provider: {
            azurekv: expect.objectContaining({ authType: 'WorkloadIdentity', vaultUrl: 'https://kv-contoso.vault.azure.net/' }),
          },
        },
      }),
    ]);
  });

  test('has no store until it is given an identity', () => {
    const stack = testStack();
    expect(new ExternalSecrets(stack, 'S', { platform: testPlatform(stack) }).stores).toBeUndefined();
    expect(objectsOf(stack)).toEqual([]);
  });
});

describe('pipelines and tracking', () => {
  test('Argo Workflows runs in the namespaces of the tenants and asks users for a token, or for Entra', () => {
    const values = (props = {}) =>
      valuesOf((stack, platform) => new ArgoWorkflows(stack, 'A', { platform, ...props }), 'argo-workflows');
    expect(values()).toMatchObject({
      controller: { workflowNamespaces: ['risk'] },
      server: { authModes: ['client'] },
      crds: { full: false },
    });
    const signIn = { secretName: 'entra', redirectUrl: 'https://argo.contoso.example/oauth2/callback' };
    expect(values({ signIn })).toMatchObject({
      server: { authModes: ['sso'], sso: { enabled: true, clientSecret: { name: 'entra', key: 'client-secret' } } },
    });
    expect(() => values({ artifactContainer: 'artefacts' })).toThrow(
      /no such container, got "artefacts"\n {2}allowed: models, datasets/,
    );
  });

  test('Argo CD turns its admin off once Entra signs users in', () => {
    const signIn = { secretName: 'entra', redirectUrl: 'https://argocd.contoso.example/auth/callback' };
    const values = (props = {}) =>
      valuesOf((stack, platform) => new ArgoCd(stack, 'A', { platform, domain: 'argocd.contoso.example', ...props }), 'argo-cd');
    expect(values({ signIn })).toMatchObject({ configs: { cm: { 'admin.enabled': false } }, dex: { enabled: false } });
    expect(values()).toMatchObject({ configs: {}, crds: { keep: true } });
  });

  test('Airflow names its secrets, runs its jobs as jobs, and brings no database', () => {
    const secrets = { metadataSecret: 'm', fernetKeySecret: 'f', apiSecretKeySecret: 'a', jwtSecret: 'j' };
    expect(valuesOf((stack, platform) => new Airflow(stack, 'A', { platform, ...secrets }), 'airflow')).toMatchObject({
      data: { metadataSecretName: 'm' },
      fernetKeySecretName: 'f',
      postgresql: { enabled: false },
      migrateDatabaseJob: { useHelmHooks: false },
      createUserJob: { enabled: false }, // its user would be admin with the password admin
    });
  });

  test('Airflow takes DAGs from Git, and only from a host that shows who it is', () => {
    const secrets = { metadataSecret: 'm', fernetKeySecret: 'f', apiSecretKeySecret: 'a', jwtSecret: 'j' };
    const values = (dags: DagRepository) =>
      valuesOf((stack, platform) => new Airflow(stack, 'A', { platform, ...secrets, dags }), 'airflow');
    const ssh = 'git@git.contoso.example:ml/dags.git';
    expect(values({ url: ssh, sshKeySecret: 'key', knownHosts: 'git.contoso.example ssh-ed25519 AAAA' })).toMatchObject({
      dags: {
        gitSync: { enabled: true, repo: ssh, ref: 'main', subPath: 'dags', period: '60s', sshKeySecret: 'key' },
      },
    });
    expect(values({ url: 'https://git.contoso.example/ml/dags.git', credentialsSecret: 'git' })).toMatchObject({
      dags: { gitSync: { credentialsSecret: 'git' } },
    });
    expect(() => values({ url: ssh, sshKeySecret: 'key' })).toThrow(/nobody checks who hands out the DAGs/);
    expect(() => values({ url: 'https://me:secret@git.contoso.example/dags.git' })).toThrow(
      /address of the DAGs is not valid, got an address with a user in it/,
    );
    expect(() => values({ url: 'https://git.contoso.example/dags.git', periodSeconds: 1 })).toThrow(
      /periodSeconds is not valid, got 1\n {2}allowed: whole seconds, 5-3600/,
    );
  });

  test('MLflow keeps artifacts in the storage of the platform, by workload identity', () => {
    const database = { host: 'psql.postgres.database.azure.com', user: 'id-mlflow' };
    const values = (props = {}) =>
      valuesOf(
        (stack, platform) =>
          new Mlflow(stack, 'M', { platform, database, identityClientId: CLIENT, artifactContainer: 'models', ...props }),
        'mlflow',
      );
    expect(values()).toMatchObject({
      artifactRoot: { proxiedArtifactStorage: true, azureBlob: { storageAccount: 'stcontoso', container: 'models' } },
      serviceAccount: { annotations: { 'azure.workload.identity/client-id': CLIENT } },
      postgresql: { enabled: false },
    });
    expect(() => values({ artifactContainer: 'mlflow' })).toThrow(/no container for MLflow's artifacts, got "mlflow"/);
  });

  test('MLflow signs in to its database with a token: there is no password anywhere', () => {
    const database = { host: 'psql.postgres.database.azure.com', user: 'id-mlflow' };
    const values = valuesOf(
      (stack, platform) => new Mlflow(stack, 'M', { platform, database, identityClientId: CLIENT, artifactContainer: 'models' }),
      'mlflow',
    ) as { initContainers: { name: string; restartPolicy?: string; command: string[] }[]; extraDeploy: object[] };
    expect(values).toMatchObject({
      backendStore: { databaseMigration: false, postgres: { host: database.host, database: 'mlflow' } },
      extraEnvVars: { PGSSLMODE: 'require', PGPASSFILE: '/var/run/postgres-token/pgpass' },
    });
    expect(values.extraDeploy).toMatchObject([{ kind: 'Secret', stringData: { username: 'id-mlflow', password: '' } }]);
    expect(values.initContainers.map(({ name, restartPolicy }) => [name, restartPolicy])).toEqual([
      ['postgres-token', 'Always'],
      ['migrate', undefined],
    ]);
    expect(values.initContainers[0]?.command.at(-1)).toContain('https://ossrdbms-aad.database.windows.net/.default');
  });

  test('MLflow takes the database that the platform promises, and asks for one where it promises none', () => {
    const stack = testStack();
    const mlflow = {
      databaseHost: 'psql-own.postgres.database.azure.com',
      database: 'mlflow',
      databaseUser: 'id-own',
      container: 'models',
    };
    const platform = testPlatform(stack, testPools(), { mlflow });
    new Mlflow(stack, 'M', { platform, identityClientId: CLIENT });
    const [release] = resourcesOf(stack, 'helm_release').filter(({ name }) => name === 'mlflow');
    expect(JSON.parse(String((release as { values: string[] }).values[0]))).toMatchObject({
      backendStore: { postgres: { host: 'psql-own.postgres.database.azure.com' } },
      artifactRoot: { azureBlob: { container: 'models' } },
    });
    const without = testStack();
    expect(() => new Mlflow(without, 'M', { platform: testPlatform(without), identityClientId: CLIENT })).toThrow(
      /MLflow has no database, got a platform without mlflow/,
    );
  });

  test('Feast takes its configuration as data', () => {
    const values = valuesOf(
      (stack, platform) => new FeastServer(stack, 'F', { platform, featureStore: { project: 'risk' } }),
      'feast-feature-server',
    );
    const text = String((values as { feature_store_yaml_base64: string }).feature_store_yaml_base64);
    expect(JSON.parse(Buffer.from(text, 'base64').toString())).toEqual({ project: 'risk' });
  });

  test('Velero signs in by workload identity and keeps the record of its backups', () => {
    const props = {
      storageAccountName: 'stbackup',
      storageResourceGroup: 'rg',
      container: 'velero',
      nodeResourceGroup: 'rg-nodes',
      identityClientId: CLIENT,
    };
    const values = valuesOf((stack, platform) => new Velero(stack, 'V', { platform, ...props }), 'velero');
    expect(values).toMatchObject({
      configuration: { backupStorageLocation: [{ bucket: 'velero', config: { useAAD: 'true' } }] },
      schedules: { cluster: { schedule: '0 2 * * *', template: { ttl: '720h0m0s' } } },
      cleanUpCRDs: false,
    });
    expect(JSON.stringify(values)).not.toMatch(/SECRET|ACCESS_KEY/);
  });
});

describe('CertManager', () => {
  test('has issuers on demand: a public authority through DNS, and one of its own', () => {
    const stack = testStack();
    const acme = {
      email: 'ml@contoso.example',
      dnsZone: 'ml.contoso.example',
      dnsZoneResourceGroup: 'rg-dns',
      identityClientId: CLIENT,
    };
    const platform = testPlatform(stack);
    new CertManager(stack, 'C', { platform, acme, privateCa: true });
    expect(objectsOf(stack).map(({ kind, metadata }) => [kind, (metadata as { name: string }).name])).toEqual([
      ['ClusterIssuer', CertManager.ACME_ISSUER],
      ['ClusterIssuer', 'private-ca-root'],
      ['Certificate', 'private-ca'],
      ['ClusterIssuer', CertManager.PRIVATE_CA_ISSUER],
    ]);
    expect(() => new CertManager(stack, 'D', { platform, acme: { ...acme, email: 'nobody' } })).toThrow(
      /not a mail address, got "nobody"/,
    );
  });

  test('keeps certificates when it is removed, and runs twice in prod', () => {
    expect(valuesOf((stack, platform) => new CertManager(stack, 'C', { platform }), 'cert-manager')).toMatchObject({
      crds: { enabled: true, keep: true },
      replicaCount: 2,
      webhook: { replicaCount: 3 },
    });
  });
});

describe('gateways', () => {
  test("Envoy Gateway leaves the Gateway API's CRDs to AKS on demand", () => {
    const stack = testStack();
    new EnvoyGateway(stack, 'E', { platform: testPlatform(stack), gatewayApiCrds: false });
    const [release] = resourcesOf(stack, 'helm_release');
    expect(release).toMatchObject({ skip_crds: true });
    expect(EnvoyGateway.CONTROLLER_NAME).toMatch(/envoyproxy/);
  });
});

describe('Evidently', () => {
  test('runs as a restricted Deployment inside the cluster, its writes guarded by a secret', () => {
    const stack = testStack();
    const evidently = new Evidently(stack, 'Evidently', { platform: testPlatform(stack), writeSecret: 'evidently' });
    expect(evidently.url).toBe('http://evidently.evidently.svc.cluster.local:8000');
    const objects = objectsOf(stack);
    expect(objects.map(({ kind }) => kind)).toEqual(['PersistentVolumeClaim', 'ServiceAccount', 'Deployment', 'Service']);
    expect(JSON.stringify(objects)).toContain('"secretKeyRef":{"name":"evidently","key":"secret"}');
  });

  test.each(['evidently/evidently-service', 'evidently/evidently-service:latest'])('refuses the image %s', (image) => {
    const stack = testStack();
    expect(() => new Evidently(stack, 'E', { platform: testPlatform(stack), writeSecret: 's', image })).toThrow(
      /no exact version/,
    );
  });
});

describe('GrafanaDashboard', () => {
  test("is a ConfigMap that Grafana picks up, its variables kept from Terraform's hands", () => {
    const stack = testStack();
    new GrafanaDashboard(stack, 'D', {
      platform: testPlatform(stack),
      dashboardName: 'gpu',
      dashboard: { title: '${cluster}' },
    });
    expect(resourcesOf(stack, 'kubernetes_config_map_v1')).toEqual([
      expect.objectContaining({
        metadata: { name: 'gpu', namespace: 'monitoring', labels: { grafana_dashboard: '1' } },
        data: { 'gpu.json': '{\n  "title": "$${cluster}"\n}' },
      }),
    ]);
  });
});

describe('images of the library', () => {
  const digest = `sha256:${'b'.repeat(64)}`;
  const IMAGES = [
    'registry.k8s.io/kubectl:v1.34.4',
    'docker.io/evidently/evidently-service:0.7.21',
    'docker.io/burakince/mlflow:3.15.1',
    'docker.io/velero/velero-plugin-for-microsoft-azure:v1.14.3',
    ...['SKLEARN', 'XGBOOST', 'LIGHTGBM', 'MLFLOW', 'TRITON', 'HUGGINGFACE', 'VLLM'].map(
      (name) => (RuntimeTemplate as unknown as Record<string, RuntimeTemplate>)[name]?.upstreamImage ?? name,
    ),
    'docker.io/tensorflow/serving:2.19.0',
  ];

  function lockedStack(images: string[]) {
    const stack = testStack();
    const file = join(mkdtempSync(join(tmpdir(), 'lock-')), 'images.lock.json');
    writeFileSync(file, JSON.stringify({ images: Object.fromEntries(images.map((image) => [image, digest])) }));
    ImageLock.fromFile(file).attach(stack);
    return stack;
  }

  function install(stack: ReturnType<typeof testStack>) {
    const platform = testPlatform(stack);
    const database = { host: 'psql.postgres.database.azure.com', user: 'id-mlflow' };
    new CertManager(stack, 'CertManager', { platform });
    new EnvoyGateway(stack, 'EnvoyGateway', { platform });
    new KServe(stack, 'KServe', { platform });
    new Mlflow(stack, 'Mlflow', { platform, database, identityClientId: CLIENT, artifactContainer: 'models' });
    new Evidently(stack, 'Evidently', { platform, writeSecret: 'evidently' });
    new Velero(stack, 'Velero', {
      platform,
      storageAccountName: 'stbackup',
      storageResourceGroup: 'rg-backup',
      container: 'velero',
      nodeResourceGroup: 'rg-nodes',
      identityClientId: CLIENT,
    });
    return JSON.stringify(synth(stack));
  }

  test("are pinned by the digests of a lock, KServe's model servers among them", () => {
    const text = install(lockedStack(IMAGES));
    for (const image of IMAGES) expect(text.split(`${image.split(':')[1]}@${digest}`).length, image).toBeGreaterThan(1);
    expect(text).toContain(digest);
    expect(text).not.toContain('"tag":"latest"');
  });

  test('are refused in prod when the lock misses one', () => {
    const others = IMAGES.filter((image) => !image.includes('evidently'));
    expect(() => install(lockedStack(others))).toThrow(/image is not in .*, got docker\.io\/evidently/);
  });

  test("have exact versions without a lock: the same for the chart's model servers and for runtimes of one's own", () => {
    const values = valuesOf((stack, platform) => new KServe(stack, 'K', { platform }), 'kserve-runtime-configs') as {
      kserve: { servingruntime: Record<string, { image?: string; tag?: string; disabled?: boolean }> };
    };
    const { enabled: _, ...servers } = values.kserve.servingruntime;
    const images = Object.values(servers).flatMap(({ image, tag }) =>
      image === undefined ? [] : [`${image}:${tag}`.split('@')[0]],
    );
    expect(IMAGES.slice(4)).toEqual(expect.arrayContaining(images));
    expect(Object.keys(servers).filter((name) => servers[name]?.disabled)).toContain('torchserve');
  });
});

describe('gateways for language models', () => {
  function stackWith(languageModels: boolean, llm = true) {
    const stack = testStack();
    const platform = testPlatform(stack);
    new CertManager(stack, 'CertManager', { platform });
    new EnvoyGateway(stack, 'EnvoyGateway', { platform, languageModels });
    if (languageModels) new EnvoyAiGateway(stack, 'EnvoyAiGateway', { platform });
    new KServe(stack, 'KServe', { platform, llm });
    new GpuOperator(stack, 'GpuOperator', { platform });
    return stack;
  }
  const releaseOf = (stack: TerraformStack, name: string) =>
    resourcesOf(stack, 'helm_release').find((release) => release.name === name) ?? {};

  test('see InferencePools, whose CRD stands before they start and stays when they go', () => {
    const stack = stackWith(true);
    expect(parsed(releaseOf(stack, 'envoy-gateway'))).toMatchObject({
      config: {
        envoyGateway: {
          extensionManager: {
            backendResources: [{ group: 'inference.networking.k8s.io', kind: 'InferencePool', version: 'v1' }],
            service: { fqdn: { hostname: EnvoyAiGateway.HOST, port: 1063 } },
          },
        },
      },
    });
    const [crd] = objectsIn([releaseOf(stack, 'inference-extension')]);
    expect(crd).toMatchObject({
      kind: 'CustomResourceDefinition',
      metadata: {
        name: 'inferencepools.inference.networking.k8s.io',
        annotations: { 'helm.sh/resource-policy': 'keep' },
      },
    });
    expect(String(releaseOf(stack, 'envoy-gateway').depends_on)).toContain('InferenceExtension');
  });

  test('stand before the controller of language models, which takes the CRD over', () => {
    const stack = stackWith(true);
    expect(releaseOf(stack, 'kserve-llmisvc')).toMatchObject({ take_ownership: true });
    expect(String(releaseOf(stack, 'kserve-crd').depends_on)).toContain('helm_release.EnvoyAiGateway');
    expect(() => synth(stack, true)).not.toThrow();
  });

  test('are asked for where there are language models by their own resource', () => {
    expect(() => synth(stackWith(false), true)).toThrow(/kserve needs one of envoy-ai-gateway, istio/);
    expect(() => synth(stackWith(false, false), true)).not.toThrow();
  });

  test('serve the webhook with a certificate that is renewed', () => {
    expect(parsed(releaseOf(stackWith(true), 'ai-gateway'))).toMatchObject({
      controller: { replicaCount: 2, mutatingWebhook: { certManager: { enable: true } } },
    });
  });
});
