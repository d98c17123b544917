import type { Construct } from 'constructs';
import { ConfigurationError } from '../core/configuration-error';
import { NodeLabel } from '../gpu';
import { devicePluginConfig, devicePluginConfigName, OPERANDS_LABEL } from '../gpu/device-config';
import { type AddonProps, HelmAddon } from './helm-addon';
import { HelmChart } from './helm-chart';
import { PodSecurity } from './pod-security';
import { tolerationsFor } from './tolerations';

/**
 * NVIDIA's device plugin alone, for pools whose driver AKS installs: the light choice where no pool needs the GPU operator, and
 * the way for A10 (GRID) pools beside it (`operatorManaged: false` on those).
 * @throws when no pool has AKS's driver
 */
export class NvidiaDevicePlugin extends HelmAddon {
  constructor(scope: Construct, id: string, props: AddonProps) {
    const { nodePools } = props.platform.attributes;
    const pools = nodePools.flatMap(({ gpu, ...pool }) =>
      gpu?.vendor === 'nvidia' && gpu.driver === 'aks' ? [{ ...pool, gpu }] : [],
    );
    if (pools.length === 0) {
      throw new ConfigurationError(`${scope.node.path}/${id}`, {
        what: "no pool has AKS's driver: the plugin has nothing to offer",
        got: nodePools.map(({ name, gpu }) => `${name} (${gpu ? `driver ${gpu.driver}` : 'no GPUs'})`).join(', '),
        allowed: 'a pool with GpuDriver.AKS',
        fix: 'use GpuOperator for pools with GpuDriver.OPERATOR',
      });
    }
    // The plugin reads its configuration by the same label as the operator's.
    const configs = Object.fromEntries(
      [{ sharing: 'none' }, ...pools.map(({ gpu }) => gpu)].map((gpu) => [
        devicePluginConfigName(gpu),
        JSON.stringify(devicePluginConfig(gpu), null, 2),
      ]),
    );
    const managed = pools.filter(({ labels }) => labels[OPERANDS_LABEL] !== 'false').map(({ name }) => name);
    const terms = [{ matchExpressions: [{ key: NodeLabel.POOL, operator: 'In', values: pools.map(({ name }) => name) }] }];
    super(scope, id, {
      ...props,
      addonName: 'nvidia-device-plugin',
      namespace: props.namespace ?? 'nvidia-device-plugin',
      podSecurity: PodSecurity.PRIVILEGED, // it talks to the kubelet through the host's sockets
      ...(managed.length > 0
        ? {
            conflictsWith: {
              'gpu-operator': `both would offer the GPUs of ${managed.join(', ')}; set operatorManaged: false there`,
            },
          }
        : {}),
      releases: [
        {
          id: 'Default',
          releaseName: 'nvidia-device-plugin',
          chart: HelmChart.pinned('nvidia-device-plugin', props.chartVersion),
          userValues: props.values,
          fixedValues: {
            migStrategy: 'mixed',
            config: { map: configs, default: 'default' },
            tolerations: tolerationsFor(pools.flatMap(({ taints }) => taints)),
            affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } } },
          },
        },
      ],
    });
  }
}
