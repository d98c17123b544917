import { VirtualNetwork } from '@cdktf/provider-azurerm/lib/virtual-network';
import { Construct } from 'constructs';
import { Environment, type IResourceGroup } from '../core';
import { ConfigurationError } from '../core/configuration-error';
import { statefulLifecycle } from '../core/stateful';
import { AddressPlan } from './address-plan';
import { ApplianceRoute } from './appliance-route';
import { leavesNetwork, subnetOptionsOf } from './default-subnets';
import { Egress, EgressMode } from './egress';
import { Firewall } from './firewall';
import { ImportedNetwork } from './imported-network';
import { NatGateway } from './nat-gateway';
import { NetworkPeering, type PeeringOptions } from './network-peering';
import type { IMlNetwork, MlNetworkAttributes } from './network-reference';
import { rulesOf } from './network-rules';
import type { NetworkSecurityRule } from './network-security-group';
import { type IPrivateAccess, PrivateAccess } from './private-access';
import type { PrivateDns } from './private-dns';
import { type ISubnet, Subnet } from './subnet';
import type { SubnetOptions } from './subnet-options';
import { SubnetRole } from './subnet-role';
import { virtualNetworkOf } from './virtual-network-id';

export interface MlNetworkProps {
  readonly resourceGroup: IResourceGroup;
  /** Range of the whole network, e.g. "10.40.0.0/16". The plan wants a /24 at least; a /16 leaves room to grow. */
  readonly addressSpace: string;
  /** Subnets that differ from the default, and further ones. @default - the default subnets as planned */
  readonly subnets?: SubnetOptions[];
  /** Default subnets to do without. @default - none */
  readonly without?: SubnetRole[];
  /** Ranges to stay clear of: peered networks, the cluster's service and pod ranges. @default - none */
  readonly reservedRanges?: string[];
  /** @default Egress.natGateway() */
  readonly egress?: Egress;
  /** @default PrivateDns.owned() */
  readonly dns?: PrivateDns;
  /** Addresses of DNS servers that know the private zones, e.g. a resolver in the hub. @default - Azure's own DNS */
  readonly dnsServers?: string[];
  /** 2-64 characters. @default - made by the environment's naming */
  readonly virtualNetworkName?: string;
  /**
   * ARM id of a virtual network that exists, in the environment's subscription: the subnets are made in it, and `addressSpace` is
   * the part of it that they may use.
   * @default - a network of the platform's own
   */
  readonly virtualNetworkId?: string;
}

/**
 * A virtual network with a subnet for each role, planned from one address space, with network rules, a way out and private DNS.
 *
 * ```ts
 * const network = new MlNetwork(this, 'Network', { resourceGroup, addressSpace: '10.40.0.0/16' });
 * network.subnet(SubnetRole.GPU_NODES).subnetId;
 * ```
 */
export class MlNetwork extends Construct implements IMlNetwork {
  /** A network and subnets that exist already: nothing of them is made. */
  public static fromAttributes(scope: Construct, id: string, attributes: MlNetworkAttributes): IMlNetwork {
    return new ImportedNetwork(scope, id, attributes);
  }

  public readonly virtualNetworkId: string;
  public readonly armId: string;
  public readonly virtualNetworkName: string;
  public readonly outboundType: string;
  public readonly privateAccess: IPrivateAccess;
  /** Where each subnet lies; `describe()` prints it. */
  public readonly addressPlan: AddressPlan;
  /** The NAT gateway, where the network has one. */
  public readonly natGateway?: NatGateway;
  /** The firewall, where the network has one. */
  public readonly firewall?: Firewall;
  private readonly subnets = new Map<string, Subnet>();
  /** Group of the virtual network, by reference: another than the platform's where the network existed before. */
  private readonly groupName: string;
  /** Name of the virtual network by reference. */
  private readonly networkName: string;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: MlNetworkProps,
  ) {
    super(scope, id);
    const egress = props.egress ?? Egress.natGateway();
    const options = subnetOptionsOf(this.node.path, egress, props.subnets ?? [], props.without ?? []);
    this.addressPlan = AddressPlan.of(this.node.path, props.addressSpace, options, props.reservedRanges ?? []);
    const network = props.virtualNetworkId === undefined ? this.ownNetwork() : this.existingNetwork(props.virtualNetworkId);
    this.virtualNetworkId = network.id;
    this.armId = network.armId;
    this.virtualNetworkName = network.plainName;
    this.networkName = network.name;
    this.groupName = network.groupName;
    this.outboundType = egress.outboundType;

    const inside = options.filter((subnet) => !leavesNetwork(subnet));
    const outbound = options.filter(leavesNetwork);
    for (const subnet of inside) this.addSubnet(subnet);
    if (egress.mode === EgressMode.NAT_GATEWAY) {
      this.natGateway = new NatGateway(this, 'NatGateway', { resourceGroup: props.resourceGroup, ...egress.natGatewayOptions });
    }
    this.firewall = this.makeFirewall(egress, outbound);
    const routeTableId = this.routeTableId(egress);
    for (const subnet of outbound) this.addSubnet(subnet, this.natGateway?.natGatewayId, routeTableId);

    this.privateAccess = new PrivateAccess(this, 'PrivateAccess', {
      resourceGroup: props.resourceGroup,
      subnet: this.subnet(SubnetRole.PRIVATE_ENDPOINTS),
      virtualNetworkId: this.virtualNetworkId,
      dns: props.dns,
    });
  }

  public get roles(): SubnetRole[] {
    return this.addressPlan.rows.map((row) => row.role);
  }

  public subnet(role: SubnetRole): ISubnet {
    return this.ownSubnet(role);
  }

  /**
   * Adds a network rule to the subnet of a role.
   * @throws when the network has no such subnet, or the rule does not fit
   */
  public addRule(role: SubnetRole, rule: NetworkSecurityRule): void {
    const group = this.ownSubnet(role).securityGroup;
    if (!group) {
      throw new ConfigurationError(this.node.path, {
        what: 'this subnet takes no network rules',
        got: role.roleName,
        allowed: 'subnets other than those of the firewall',
        fix: 'write a rule of the firewall with Egress.firewall({ networkRules: [...] })',
      });
    }
    group.addRule(rule);
  }

  /** Connects another network, such as a hub. */
  public peer(options: PeeringOptions): NetworkPeering {
    return new NetworkPeering(this, `Peering-${options.name}`, {
      ...options,
      resourceGroupName: this.groupName,
      virtualNetworkName: this.networkName,
      virtualNetworkId: this.virtualNetworkId,
    });
  }

  private ownNetwork() {
    const environment = Environment.of(this);
    const { resourceGroup } = this.props;
    const named = environment.name(this, 'azurerm_virtual_network', undefined, this.props.virtualNetworkName);
    const network = new VirtualNetwork(this, 'Default', {
      name: named.name,
      resourceGroupName: resourceGroup.resourceGroupName,
      location: environment.location,
      addressSpace: [this.props.addressSpace],
      dnsServers: this.props.dnsServers,
      tags: named.tags,
      lifecycle: statefulLifecycle(environment),
    });
    return {
      id: network.id,
      armId: `${resourceGroup.armId}/providers/Microsoft.Network/virtualNetworks/${named.name}`,
      name: network.name,
      plainName: named.name,
      groupName: resourceGroup.resourceGroupName,
    };
  }

  private existingNetwork(virtualNetworkId: string) {
    const { subscriptionId, resourceGroupName, virtualNetworkName } = virtualNetworkOf(this, virtualNetworkId);
    const own = Environment.of(this).subscriptionId;
    if (subscriptionId.toLowerCase() !== own.toLowerCase()) {
      throw new ConfigurationError(this.node.path, {
        what: 'subnets cannot be made in a network of another subscription',
        got: subscriptionId,
        allowed: own,
        fix: 'have its owner make the subnets and use MlNetwork.fromAttributes(...)',
      });
    }
    return {
      id: virtualNetworkId,
      armId: virtualNetworkId,
      name: virtualNetworkName,
      plainName: virtualNetworkName,
      groupName: resourceGroupName,
    };
  }

  private addSubnet(options: SubnetOptions, natGatewayId?: string, routeTableId?: string): void {
    const { role } = options;
    const subnet = new Subnet(this, role.roleName, {
      ...options,
      resourceGroup: this.props.resourceGroup,
      virtualNetworkName: this.networkName,
      virtualNetworkResourceGroupName: this.groupName,
      virtualNetworkArmId: this.armId,
      addressPrefix: this.addressPlan.addressPrefixOf(role) ?? '',
      rules: [...rulesOf(role, Environment.of(this)), ...(options.rules ?? [])],
      natGatewayId,
      routeTableId,
    });
    this.subnets.set(role.roleName, subnet);
  }

  private ownSubnet(role: SubnetRole): Subnet {
    const found = this.subnets.get(role.roleName);
    if (found) return found;
    throw new ConfigurationError(this.node.path, {
      what: 'the network has no subnet of this role',
      got: role.roleName,
      allowed: [...this.subnets.keys()].join(', '),
      fix: `add { role: SubnetRole.of(${JSON.stringify(role.roleName)}) } to subnets`,
    });
  }

  private makeFirewall(egress: Egress, outbound: SubnetOptions[]): Firewall | undefined {
    if (!egress.firewallOptions) return undefined;
    return new Firewall(this, 'Firewall', {
      ...egress.firewallOptions,
      resourceGroup: this.props.resourceGroup,
      subnet: this.ownSubnet(SubnetRole.FIREWALL),
      managementSubnet: this.subnets.get(SubnetRole.FIREWALL_MANAGEMENT.roleName),
      sourceAddresses: outbound.map(({ role }) => this.addressPlan.addressPrefixOf(role) ?? ''),
    });
  }

  private routeTableId(egress: Egress): string | undefined {
    const nextHopIpAddress = this.firewall?.privateIpAddress ?? egress.applianceIpAddress;
    if (nextHopIpAddress === undefined) return undefined;
    return new ApplianceRoute(this, 'Route', {
      resourceGroup: this.props.resourceGroup,
      nextHopIpAddress,
      after: this.firewall ? [this.firewall.rules] : undefined,
    }).routeTableId;
  }
}
