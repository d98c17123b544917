import type { Construct } from 'constructs';
import type { ContractGpu, ContractNodePool, IMlPlatform } from '../contract';
import { ConfigurationError } from '../core/configuration-error';
import { devicePluginConfig, devicePluginConfigName, migConfig, migConfigName, OPERANDS_LABEL } from '../gpu/device-config';
import { Manifests } from '../manifests';
import { type AddonProps, HelmAddon } from './helm-addon';
import { HelmChart } from './helm-chart';
import { PodSecurity } from './pod-security';
import { tolerationsFor } from './tolerations';
import type { Values } from './values';

/** A pool with NVIDIA GPUs. */
interface GpuPool extends ContractNodePool {
  readonly gpu: ContractGpu;
}

export interface GpuOperatorProps extends AddonProps {
  /** Version of the NVIDIA driver, where the operator installs it. @default - the chart's */
  readonly driverVersion?: string;
  /** Prepares drivers for GPUDirect RDMA; needs the network operator. @default false */
  readonly rdma?: boolean;
  /**
   * A ServiceMonitor for the GPU metrics; skipped by the chart while its CRD is absent.
   * @default - true, but where the cluster has Azure's managed Prometheus: a PodMonitor of its kind then, never both
   */
  readonly serviceMonitor?: boolean;
}

/** Managed Prometheus as the contract names it (`MlCluster.managedAddOns`). */
const MANAGED_PROMETHEUS = 'prometheus';

/**
 * NVIDIA's GPU operator, set up for exactly the pools of the platform: driver and toolkit where AKS installs none, a
 * device-plugin configuration for each way of sharing, a MIG configuration for each layout.
 *
 * @throws when pools with AKS's driver and pools with the operator's stand side by side: the operator runs in one way a cluster
 */
export class GpuOperator extends HelmAddon {
  constructor(scope: Construct, id: string, props: GpuOperatorProps) {
    const path = `${scope.node.path}/${id}`;
    const pools = operatorPools(path, props.platform);
    const namespace = props.namespace ?? 'gpu-operator';
    const managed = (props.platform.attributes.cluster.managedAddOns ?? []).includes(MANAGED_PROMETHEUS);
    checkUserConfig(path, props.values ?? {});
    checkMetrics(path, managed, props.serviceMonitor);
    super(scope, id, {
      ...props,
      addonName: 'gpu-operator',
      namespace,
      podSecurity: PodSecurity.PRIVILEGED, // it loads kernel modules
      requires: props.rdma ? ['network-operator'] : [],
      releases: [
        {
          id: 'Default',
          releaseName: 'gpu-operator',
          chart: HelmChart.pinned('gpu-operator', props.chartVersion),
          values: defaults(props, props.serviceMonitor ?? !managed),
          userValues: props.values,
          fixedValues: fromPools(pools),
          timeoutSeconds: 900,
          disableOpenapiValidation: true, // the hook that upgrades CRDs asks for it
        },
      ],
    });
    if (!managed) return;
    const monitor = new Manifests(this, 'Metrics', {
      platform: props.platform,
      namespace,
      releaseName: 'gpu-metrics',
      objects: [podMonitor(namespace)],
      dependsOn: [this.dependable],
    });
    this.completeWith(monitor.dependable);
  }
}

function defaults(props: GpuOperatorProps, serviceMonitor: boolean): Values {
  const rdma = props.rdma ?? false;
  const off = { enabled: false };
  return {
    nfd: { enabled: !rdma }, // the network operator brings it
    operator: {
      // The chart's 350 MiB are too little for clusters with many nodes.
      resources: { requests: { cpu: '200m', memory: '256Mi' }, limits: { cpu: '1', memory: '1Gi' } },
    },
    driver: { rdma: { enabled: rdma }, ...(props.driverVersion === undefined ? {} : { version: props.driverVersion }) },
    dcgmExporter: { serviceMonitor: { enabled: serviceMonitor } },
    // For virtual machines inside nodes.
    vgpuDeviceManager: off,
    vfioManager: off,
    sandboxDevicePlugin: off,
    kataSandboxDevicePlugin: off,
    ccManager: off,
  };
}

/** For managed Prometheus, which reads monitors of its own group only. */
function podMonitor(namespace: string): { [key: string]: unknown } {
  return {
    apiVersion: 'azmonitoring.coreos.com/v1',
    kind: 'PodMonitor',
    metadata: { name: 'nvidia-dcgm-exporter', namespace },
    spec: {
      selector: { matchLabels: { app: 'nvidia-dcgm-exporter' } },
      podMetricsEndpoints: [{ port: 'metrics', path: '/metrics', interval: '30s' }],
    },
  };
}

function checkMetrics(path: string, managed: boolean, serviceMonitor: boolean | undefined): void {
  if (!managed || !serviceMonitor) return;
  throw new ConfigurationError(path, {
    what: 'two Prometheus would scrape the GPUs',
    got: "serviceMonitor: true on a cluster with Azure's managed Prometheus",
    allowed: 'one of them',
    fix: 'leave serviceMonitor out: managed Prometheus gets a PodMonitor of its own',
  });
}

function fromPools(pools: GpuPool[]): Values {
  const installs = pools[0]?.gpu.driver === 'operator';
  const tolerations = tolerationsFor(pools.flatMap((pool) => pool.taints));
  const layouts = pools.filter((pool) => pool.gpu.migLayout && pool.gpu.driver === 'operator');
  const shared = pools.filter((pool) => pool.gpu.replicas !== undefined);
  return {
    driver: { enabled: installs },
    toolkit: { enabled: installs },
    // AKS names its runtime class so on nodes with its driver; the toolkit makes the other.
    operator: { runtimeClass: installs ? 'nvidia' : 'nvidia-container-runtime' },
    // Names MIG instances by their profile, and leaves whole GPUs as they are.
    mig: { strategy: 'mixed' },
    daemonsets: { tolerations },
    'node-feature-discovery': { worker: { tolerations } },
    devicePlugin: {
      config:
        shared.length === 0
          ? { create: false, name: '', default: '' }
          : { create: true, name: 'device-plugin-config', default: 'default', data: devicePluginData(shared) },
    },
    migManager:
      layouts.length === 0
        ? { enabled: false }
        : {
            enabled: true,
            config: {
              create: true,
              name: 'mig-parted-config',
              default: 'all-disabled',
              data: { 'config.yaml': migData(layouts) },
            },
          },
  };
}

function devicePluginData(pools: GpuPool[]): Values {
  const configs = [{ sharing: 'none' }, ...pools.map((pool) => pool.gpu)];
  return Object.fromEntries(
    configs.map((gpu) => [devicePluginConfigName(gpu), JSON.stringify(devicePluginConfig(gpu), null, 2)]),
  );
}

function migData(pools: GpuPool[]): string {
  const configs: { [name: string]: object[] } = { 'all-disabled': [{ devices: 'all', 'mig-enabled': false }] };
  for (const { gpu } of pools) {
    const name = migConfigName(gpu);
    if (name !== undefined && gpu.migLayout) configs[name] = migConfig(gpu.migLayout);
  }
  return JSON.stringify({ version: 'v1', 'mig-configs': configs }, null, 2);
}

function operatorPools(path: string, platform: IMlPlatform): GpuPool[] {
  const pools = platform.attributes.nodePools.filter(
    (pool): pool is GpuPool => pool.gpu?.vendor === 'nvidia' && pool.labels[OPERANDS_LABEL] !== 'false',
  );
  if (pools.length === 0) {
    throw new ConfigurationError(path, {
      what: 'no pool for the GPU operator',
      got: platform.attributes.nodePools.map((pool) => pool.name).join(', '),
      allowed: 'at least one pool with NVIDIA GPUs that the operator may manage',
      fix: 'add one with cluster.addGpuPool(…), or remove the operator',
    });
  }
  const drivers = new Set(pools.map((pool) => pool.gpu.driver));
  if (drivers.size > 1) {
    throw new ConfigurationError(path, {
      what: "AKS's driver and the operator's stand side by side, the operator runs in one way a cluster",
      got: pools.map((pool) => `${pool.name}: ${pool.gpu.driver}`).join(', '),
      allowed: 'one driver for all pools that the operator manages',
      fix: 'use one driver, or operatorManaged: false on the pools with GpuDriver.AKS and NvidiaDevicePlugin for them',
    });
  }
  return pools;
}

/** The one place where a user can still write both kinds of sharing into one configuration. */
function checkUserConfig(path: string, values: Values): void {
  const plugin = values.devicePlugin as { config?: { data?: { [name: string]: unknown } } } | undefined;
  for (const [name, text] of Object.entries(plugin?.config?.data ?? {})) {
    if (typeof text !== 'string' || !/timeSlicing/.test(text) || !/\bmps\b/.test(text)) continue;
    throw new ConfigurationError(path, {
      what: 'time slicing and MPS exclude each other',
      got: `values.devicePlugin.config.data.${name} with both`,
      allowed: 'one of them in a configuration',
      fix: 'use GpuSharing.timeSlicing(n) or GpuSharing.mps(n) on the pool',
    });
  }
}
