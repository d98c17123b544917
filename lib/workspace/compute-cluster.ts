import { MachineLearningComputeCluster } from '@cdktf/provider-azurerm/lib/machine-learning-compute-cluster';
import { Construct } from 'constructs';
import { Environment } from '../core';
import { ConfigurationError } from '../core/configuration-error';
import type { IManagedIdentity, IPrincipal } from '../identity';
import type { ISubnet } from '../network';
import type { IContainerRegistry } from '../registry';
import { principalOf } from './compute-principal';
import { checkSubnet } from './compute-subnet';
import type { ComputeVmSize } from './vm-size';
import type { IMlWorkspace } from './workspace-reference';

export interface ComputeClusterProps {
  readonly workspace: IMlWorkspace;
  /** What runs there, a word for its name, e.g. "train". */
  readonly purpose: string;
  /** e.g. `ComputeVmSize.of("Standard_NC24ads_A100_v4")`. Fixed at creation. */
  readonly vmSize: ComputeVmSize;
  /** 3-32 ASCII letters, digits and hyphens, letter first. @default - made by the environment's naming */
  readonly computeName?: string;
  /** Fewest nodes; above 0 they are billed when idle. @default 0 */
  readonly minNodes?: number;
  /** Most nodes. @default 4 */
  readonly maxNodes?: number;
  /** Minutes without a job after which a node is given back. @default 15 */
  readonly idleMinutes?: number;
  /** Cheaper nodes that Azure may take away at any time: for jobs that save their state. Fixed at creation. @default false */
  readonly lowPriority?: boolean;
  /** Who jobs act as. @default - an identity of the cluster's own */
  readonly identity?: IManagedIdentity;
  /** Registry of the images, which the cluster's identity may then pull. @default - no grant */
  readonly registry?: IContainerRegistry;
  /** Subnet of the nodes, where the workspace has no managed network. @default - none */
  readonly subnet?: ISubnet;
}

/** Nodes that Azure ML starts for jobs and takes away again: private, without keys, none when idle. */
export class ComputeCluster extends Construct {
  /** ARM id as a reference to the resource. */
  public readonly computeId: string;
  /** ARM id known at synth. */
  public readonly armId: string;
  public readonly computeName: string;
  /** Who its jobs act as: grant data to it. */
  public readonly principal: IPrincipal;

  constructor(scope: Construct, id: string, props: ComputeClusterProps) {
    super(scope, id);
    const environment = Environment.of(this);
    const { workspace } = props;
    this.check(props);
    const named = environment.name(this, 'azurerm_machine_learning_compute_cluster', props.purpose, props.computeName);
    const cluster = new MachineLearningComputeCluster(this, 'Default', {
      name: named.name,
      location: environment.location,
      machineLearningWorkspaceId: workspace.workspaceId,
      vmSize: props.vmSize.name,
      vmPriority: props.lowPriority ? 'LowPriority' : 'Dedicated',
      scaleSettings: {
        minNodeCount: props.minNodes ?? 0,
        maxNodeCount: props.maxNodes ?? 4,
        scaleDownNodesAfterIdleDuration: `PT${props.idleMinutes ?? 15}M`,
      },
      identity: props.identity ? { type: 'UserAssigned', identityIds: [props.identity.identityId] } : { type: 'SystemAssigned' },
      localAuthEnabled: false,
      nodePublicIpEnabled: false,
      sshPublicAccessEnabled: false,
      subnetResourceId: props.subnet?.subnetId,
      tags: named.tags,
    });
    this.computeId = cluster.id;
    this.armId = `${workspace.armId}/computes/${named.name}`;
    this.computeName = named.name;
    this.principal = principalOf(named.name, props.identity, cluster.identity.principalId);
    props.registry?.grantPull(this.principal);
  }

  private check(props: ComputeClusterProps): void {
    checkSubnet(this.node.path, props.workspace, props.subnet);
    const min = props.minNodes ?? 0;
    const max = props.maxNodes ?? 4;
    if (!Number.isInteger(min) || !Number.isInteger(max) || min < 0 || max < 1 || min > max) {
      throw new ConfigurationError(this.node.path, {
        what: 'minNodes and maxNodes do not fit',
        got: `${min} to ${max}`,
        allowed: 'whole numbers, 0 or more to 1 or more',
        fix: 'e.g. minNodes 0, maxNodes 4',
      });
    }
    const minutes = props.idleMinutes ?? 15;
    if (!Number.isInteger(minutes) || minutes < 1) {
      throw new ConfigurationError(this.node.path, {
        what: 'idleMinutes is not valid',
        got: String(minutes),
        allowed: 'whole minutes, 1 or more',
        fix: 'leave it out for 15 minutes',
      });
    }
    if (props.lowPriority && props.vmSize.lowPriority === false) {
      throw new ConfigurationError(this.node.path, {
        what: 'this VM size is not offered at low priority',
        got: props.vmSize.name,
        allowed: 'dedicated nodes of this size, or another size at low priority',
        fix: 'drop lowPriority or change vmSize',
      });
    }
  }
}
