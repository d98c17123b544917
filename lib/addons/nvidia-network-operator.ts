import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import { ConfigurationError } from '../core/configuration-error';
import { GpuVmSize, NodeLabel } from '../gpu';
import { Manifests } from '../manifests';
import { type AddonProps, HelmAddon } from './helm-addon';
import { HelmChart } from './helm-chart';
import { PodSecurity } from './pod-security';
import { tolerationsFor } from './tolerations';

const REPOSITORY = 'nvcr.io/nvidia/mellanox';

export interface NvidiaNetworkOperatorProps extends AddonProps {
  /** Version of NVIDIA's network driver image (DOCA-OFED), as the release notes of the operator list it. */
  readonly ofedDriverVersion: string;
  /** Version of the image k8s-rdma-shared-dev-plugin, as the release notes of the operator list it. */
  readonly rdmaDevicePluginVersion: string;
  /** Pods that share one InfiniBand device. @default 8 */
  readonly podsPerDevice?: number;
}

/**
 * NVIDIA's network operator: InfiniBand for training over several nodes, as the resource rdma/shared_ib. The subscription needs
 * the feature AKSInfinibandSupport, pods need IPC_LOCK, and the GPU operator `rdma: true`.
 * @throws when no pool of the platform has RDMA
 */
export class NvidiaNetworkOperator extends HelmAddon {
  /** Extended resource that pods ask for. */
  public static readonly RESOURCE_NAME = 'rdma/shared_ib';

  /** The policy that installs driver and device plugin, for the `dependsOn` of the GPU operator. */
  public readonly policy: ITerraformDependable;

  constructor(scope: Construct, id: string, props: NvidiaNetworkOperatorProps) {
    const pools = props.platform.attributes.nodePools.filter(({ vmSize }) => hasRdma(vmSize));
    if (pools.length === 0) {
      throw new ConfigurationError(`${scope.node.path}/${id}`, {
        what: 'no pool of the platform has RDMA',
        got: props.platform.attributes.nodePools.map(({ name, vmSize }) => `${name} (${vmSize})`).join(', '),
        allowed: 'a pool of a size with RDMA, such as Standard_ND96isr_H100_v5',
        fix: 'remove the operator, or add such a pool',
      });
    }
    const tolerations = tolerationsFor(pools.flatMap(({ taints }) => taints));
    const namespace = props.namespace ?? 'network-operator';
    super(scope, id, {
      ...props,
      addonName: 'network-operator',
      namespace,
      podSecurity: PodSecurity.PRIVILEGED, // it loads kernel modules
      releases: [
        {
          id: 'Default',
          releaseName: 'network-operator',
          chart: HelmChart.pinned('network-operator', props.chartVersion),
          values: { sriovNetworkOperator: { enabled: false } },
          userValues: props.values,
          fixedValues: {
            // The cluster's one node feature discovery; the GPU operator's is off with rdma: true.
            nfd: { enabled: true, deployNodeFeatureRules: false },
            'node-feature-discovery': { worker: { tolerations } },
          },
          timeoutSeconds: 900,
        },
      ],
    });
    const policy = new Manifests(this, 'NicClusterPolicy', {
      platform: props.platform,
      namespace,
      releaseName: 'nic-cluster-policy',
      dependsOn: [this.dependable],
      objects: [
        nicClusterPolicy(
          props,
          pools.map(({ name }) => name),
          tolerations,
        ),
      ],
    });
    this.policy = policy.dependable;
    this.completeWith(this.policy);
  }
}

function nicClusterPolicy(props: NvidiaNetworkOperatorProps, pools: string[], tolerations: object[]): { [key: string]: unknown } {
  const config = {
    configList: [
      {
        resourceName: 'shared_ib',
        resourcePrefix: 'rdma',
        rdmaHcaMax: props.podsPerDevice ?? 8,
        selectors: { vendors: ['15b3'] },
      },
    ],
  };
  const { loginServer } = props.platform.attributes.registry;
  const repository = props.privateImages ? `${loginServer}/${REPOSITORY}` : REPOSITORY;
  return {
    apiVersion: 'mellanox.com/v1alpha1',
    kind: 'NicClusterPolicy',
    metadata: { name: 'nic-cluster-policy' },
    spec: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchExpressions: [{ key: NodeLabel.POOL, operator: 'In', values: pools }] }],
        },
      },
      tolerations,
      ofedDriver: { image: 'doca-driver', repository, version: props.ofedDriverVersion },
      rdmaSharedDevicePlugin: {
        image: 'k8s-rdma-shared-dev-plugin',
        repository,
        version: props.rdmaDevicePluginVersion,
        config: JSON.stringify(config, null, 2),
      },
    },
  };
}

/** Sizes of the user's own are not in the catalogue: their pools are left to `values`. */
function hasRdma(vmSize: string): boolean {
  return GpuVmSize.all().some(({ name, rdma }) => name === vmSize && rdma);
}
