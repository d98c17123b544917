import { Route } from '@cdktf/provider-azurerm/lib/route';
import { RouteTable } from '@cdktf/provider-azurerm/lib/route-table';
import { VirtualNetwork } from '@cdktf/provider-azurerm/lib/virtual-network';
import { Construct, type IConstruct } from 'constructs';
import { Environment, type IResourceGroup } from '../core';
import { ConfigurationError } from '../core/configuration-error';
import { statefulLifecycle } from '../core/stateful';
import { AddressPlan } from './address-plan';
import { Egress, EgressMode } from './egress';
import { NatGateway } from './nat-gateway';
import { rulesOf } from './network-rules';
import type { NetworkSecurityRule } from './network-security-group';
import { type IPrivateAccess, PrivateAccess } from './private-access';
import type { PrivateDns } from './private-dns';
import { type ISubnet, Subnet } from './subnet';
import { SubnetRole } from './subnet-role';

/** The network of a platform, made here or elsewhere. */
export interface IMlNetwork extends IConstruct {
  /** ARM id as a reference to the resource. */
  readonly virtualNetworkId: string;
  /** ARM id known at synth. */
  readonly armId: string;
  readonly virtualNetworkName: string;
  /** How nodes get out, in the words of AKS (`outbound_type`). */
  readonly outboundType: string;
  /** Private endpoints and their DNS. */
  readonly privateAccess: IPrivateAccess;
  /** The roles that have a subnet. */
  readonly roles: SubnetRole[];
  /**
   * The subnet of a role.
   * @throws when the network has none; the message lists those it has
   */
  subnet(role: SubnetRole): ISubnet;
}

/** One subnet that differs from the default, or that is made beside the default ones. */
export interface SubnetOptions {
  readonly role: SubnetRole;
  /** A range of your own. @default - planned from the address space */
  readonly addressPrefix?: string;
  /** A size of your own, e.g. 24. @default - by role and address space */
  readonly prefixLength?: number;
  /** 1-80 characters. @default - made by the environment's naming */
  readonly subnetName?: string;
  /** Network rules beside those that the role brings. @default - none */
  readonly rules?: NetworkSecurityRule[];
  /** Service that the subnet is given to, e.g. "Microsoft.DBforPostgreSQL/flexibleServers". @default - none */
  readonly delegation?: string;
  /** e.g. ["Microsoft.Storage"]. @default - none: private endpoints serve better */
  readonly serviceEndpoints?: string[];
  /** Whether traffic leaves by the network's egress. @default - true, but for private endpoints, ingress and firewall */
  readonly egress?: boolean;
}

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
}

const DEFAULT_ROLES = [
  SubnetRole.SYSTEM_NODES,
  SubnetRole.USER_NODES,
  SubnetRole.GPU_NODES,
  SubnetRole.PRIVATE_ENDPOINTS,
  SubnetRole.COMPUTE,
  SubnetRole.INGRESS,
];

/** Roles whose machines start no connections to the internet, or that are the way out themselves. */
const WITHOUT_EGRESS = [SubnetRole.PRIVATE_ENDPOINTS, SubnetRole.INGRESS, SubnetRole.FIREWALL, SubnetRole.FIREWALL_MANAGEMENT];

/**
 * A virtual network with a subnet for each role, planned from one address space, with network rules, a way out and private DNS.
 *
 * ```ts
 * const network = new MlNetwork(this, 'Network', { resourceGroup, addressSpace: '10.40.0.0/16' });
 * network.subnet(SubnetRole.GPU_NODES).subnetId;
 * ```
 */
export class MlNetwork extends Construct implements IMlNetwork {
  public readonly virtualNetworkId: string;
  public readonly armId: string;
  public readonly virtualNetworkName: string;
  public readonly outboundType: string;
  public readonly privateAccess: IPrivateAccess;
  /** Where each subnet lies; `describe()` prints it. */
  public readonly addressPlan: AddressPlan;
  /** The NAT gateway, where the network has one. */
  public readonly natGateway?: NatGateway;
  private readonly subnets = new Map<string, Subnet>();

  constructor(
    scope: Construct,
    id: string,
    private readonly props: MlNetworkProps,
  ) {
    super(scope, id);
    const environment = Environment.of(this);
    const egress = props.egress ?? Egress.natGateway();
    const options = this.subnetOptions();
    this.addressPlan = AddressPlan.of(this.node.path, props.addressSpace, options, props.reservedRanges ?? []);
    const named = environment.name(this, 'azurerm_virtual_network', undefined, props.virtualNetworkName);
    const virtualNetwork = new VirtualNetwork(this, 'Default', {
      name: named.name,
      resourceGroupName: props.resourceGroup.resourceGroupName,
      location: environment.location,
      addressSpace: [props.addressSpace],
      dnsServers: props.dnsServers,
      tags: named.tags,
      lifecycle: statefulLifecycle(environment),
    });
    this.virtualNetworkId = virtualNetwork.id;
    this.virtualNetworkName = named.name;
    this.armId = `${props.resourceGroup.armId}/providers/Microsoft.Network/virtualNetworks/${named.name}`;
    this.outboundType = egress.outboundType;
    if (egress.mode === EgressMode.NAT_GATEWAY) {
      this.natGateway = new NatGateway(this, 'NatGateway', { resourceGroup: props.resourceGroup, ...egress.natGatewayOptions });
    }
    const routeTableId = this.routeTable(egress);
    for (const subnet of options) {
      const leaves = subnet.egress ?? !WITHOUT_EGRESS.includes(subnet.role);
      const made = new Subnet(this, subnet.role.roleName, {
        resourceGroup: props.resourceGroup,
        virtualNetworkName: virtualNetwork.name,
        virtualNetworkArmId: this.armId,
        role: subnet.role,
        addressPrefix: this.addressPlan.addressPrefixOf(subnet.role) ?? '',
        subnetName: subnet.subnetName,
        rules: [...rulesOf(subnet.role, environment), ...(subnet.rules ?? [])],
        natGatewayId: leaves ? this.natGateway?.natGatewayId : undefined,
        routeTableId: leaves ? routeTableId : undefined,
        delegation: subnet.delegation,
        serviceEndpoints: subnet.serviceEndpoints,
      });
      this.subnets.set(subnet.role.roleName, made);
    }
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
    const found = this.subnets.get(role.roleName);
    if (found) return found;
    throw new ConfigurationError(this.node.path, {
      what: 'the network has no subnet of this role',
      got: role.roleName,
      allowed: [...this.subnets.keys()].join(', '),
      fix: `add { role: SubnetRole.of(${JSON.stringify(role.roleName)}) } to subnets`,
    });
  }

  /** Default subnets first, with what the user changed, then the further ones. */
  private subnetOptions(): SubnetOptions[] {
    const given = this.props.subnets ?? [];
    const duplicate = given.find((one, index) => given.findIndex((other) => other.role.roleName === one.role.roleName) !== index);
    if (duplicate) {
      throw new ConfigurationError(this.node.path, {
        what: 'two subnets have one role',
        got: duplicate.role.roleName,
        allowed: 'one subnet a role',
        fix: 'use SubnetRole.custom(...) for a second one',
      });
    }
    const without = this.props.without ?? [];
    if (without.includes(SubnetRole.PRIVATE_ENDPOINTS)) {
      throw new ConfigurationError(this.node.path, {
        what: 'the network cannot do without a subnet for private endpoints',
        got: SubnetRole.PRIVATE_ENDPOINTS.roleName,
        allowed: DEFAULT_ROLES.filter((role) => role !== SubnetRole.PRIVATE_ENDPOINTS)
          .map((role) => role.roleName)
          .join(', '),
        fix: 'leave it out of without; a /27 is enough',
      });
    }
    const defaults = DEFAULT_ROLES.filter((role) => !without.includes(role)).map(
      (role): SubnetOptions => given.find((one) => one.role === role) ?? { role },
    );
    return [...defaults, ...given.filter(({ role }) => !DEFAULT_ROLES.includes(role))];
  }

  /** Id of the route table that sends everything to an appliance; undefined where traffic takes another way. */
  private routeTable(egress: Egress): string | undefined {
    if (egress.applianceIpAddress === undefined) return undefined;
    const environment = Environment.of(this);
    const named = environment.name(this, 'azurerm_route_table');
    const table = new RouteTable(this, 'RouteTable', {
      name: named.name,
      resourceGroupName: this.props.resourceGroup.resourceGroupName,
      location: environment.location,
      // Routes learned from a gateway would pass the appliance by.
      bgpRoutePropagationEnabled: false,
      tags: named.tags,
    });
    const route = new Route(this, 'DefaultRoute', {
      name: 'default',
      resourceGroupName: this.props.resourceGroup.resourceGroupName,
      routeTableName: table.name,
      addressPrefix: '0.0.0.0/0',
      nextHopType: 'VirtualAppliance',
      nextHopInIpAddress: egress.applianceIpAddress,
    });
    // The id by way of the route: whoever uses the table finds the route in it.
    return `${this.props.resourceGroup.armId}/providers/Microsoft.Network/routeTables/${route.routeTableName}`;
  }
}
