import { VirtualNetworkPeering } from '@cdktf/provider-azurerm/lib/virtual-network-peering';
import { Construct } from 'constructs';
import { Environment } from '../core';
import { ConfigurationError } from '../core/configuration-error';
import { virtualNetworkOf } from './virtual-network-id';

/** The other network, and what may pass. */
export interface PeeringOptions {
  /** What the other network is called here, e.g. "hub". */
  readonly name: string;
  /** ARM id of the other network. */
  readonly remoteVirtualNetworkId: string;
  /** Whether traffic that neither network started, e.g. from a firewall in the hub, may pass. @default true */
  readonly forwardedTraffic?: boolean;
  /** Whether this network uses the other's gateways. @default false */
  readonly remoteGateways?: boolean;
  /**
   * Whether the way back is made too; it must be there for any traffic. Only for a network in the environment's own
   * subscription, otherwise its owner makes it.
   * @default false
   */
  readonly reverse?: boolean;
}

export interface NetworkPeeringProps extends PeeringOptions {
  readonly resourceGroupName: string;
  readonly virtualNetworkName: string;
  /** ARM id of this network as a reference to the resource. */
  readonly virtualNetworkId: string;
}

/** One peering, or both directions of it. */
export class NetworkPeering extends Construct {
  /** ARM id as a reference to the resource. */
  public readonly peeringId: string;

  constructor(scope: Construct, id: string, props: NetworkPeeringProps) {
    super(scope, id);
    const environment = Environment.of(this);
    const remote = virtualNetworkOf(this, props.remoteVirtualNetworkId);
    const forwarded = props.forwardedTraffic ?? true;
    const peering = new VirtualNetworkPeering(this, 'Default', {
      name: environment.name(this, 'azurerm_virtual_network_peering', props.name).name,
      resourceGroupName: props.resourceGroupName,
      virtualNetworkName: props.virtualNetworkName,
      remoteVirtualNetworkId: props.remoteVirtualNetworkId,
      allowVirtualNetworkAccess: true,
      allowForwardedTraffic: forwarded,
      useRemoteGateways: props.remoteGateways ?? false,
    });
    this.peeringId = peering.id;
    if (!props.reverse) return;
    if (remote.subscriptionId.toLowerCase() !== environment.subscriptionId.toLowerCase()) {
      throw new ConfigurationError(this.node.path, {
        what: 'the way back lies in another subscription',
        got: remote.subscriptionId,
        allowed: environment.subscriptionId,
        fix: 'drop reverse and let the owner of that network peer with this one',
      });
    }
    new VirtualNetworkPeering(this, 'Reverse', {
      name: environment.name(this, 'azurerm_virtual_network_peering', `from-${props.name}`).name,
      resourceGroupName: remote.resourceGroupName,
      virtualNetworkName: remote.virtualNetworkName,
      remoteVirtualNetworkId: props.virtualNetworkId,
      allowVirtualNetworkAccess: true,
      allowForwardedTraffic: forwarded,
      allowGatewayTransit: props.remoteGateways ?? false,
      dependsOn: [peering], // Azure refuses two changes of one peering at a time
    });
  }
}
