import { Subnet as AzurermSubnet } from '@cdktf/provider-azurerm/lib/subnet';
import { SubnetNatGatewayAssociation } from '@cdktf/provider-azurerm/lib/subnet-nat-gateway-association';
import { SubnetNetworkSecurityGroupAssociation } from '@cdktf/provider-azurerm/lib/subnet-network-security-group-association';
import { SubnetRouteTableAssociation } from '@cdktf/provider-azurerm/lib/subnet-route-table-association';
import { Construct, type IConstruct } from 'constructs';
import { Environment, type IResourceGroup } from '../core';
import { NetworkSecurityGroup, type NetworkSecurityRule } from './network-security-group';
import { SubnetRole } from './subnet-role';

/** A subnet, made here or elsewhere. */
export interface ISubnet extends IConstruct {
  /** ARM id as a reference to the resource. What uses it is made after the subnet's network rules and its way out. */
  readonly subnetId: string;
  /** ARM id known at synth. */
  readonly armId: string;
  /** Its range, e.g. "10.40.0.0/20"; absent where only the id is known. */
  readonly addressPrefix?: string;
}

export interface SubnetProps {
  /** Group of the subnet's security group. */
  readonly resourceGroup: IResourceGroup;
  readonly virtualNetworkName: string;
  /** Group of the virtual network. */
  readonly virtualNetworkResourceGroupName: string;
  /** ARM id of the virtual network, known at synth. */
  readonly virtualNetworkArmId: string;
  readonly role: SubnetRole;
  readonly addressPrefix: string;
  /** @default - by the environment's naming; the firewall's subnets have names that Azure fixes */
  readonly subnetName?: string;
  /** Network rules. @default - the rules that Azure adds to each group: traffic inside the network, none from outside */
  readonly rules?: NetworkSecurityRule[];
  /** Id of the NAT gateway that traffic to the internet leaves by. @default - none */
  readonly natGatewayId?: string;
  /** Id of the route table. @default - none */
  readonly routeTableId?: string;
  /** Service that the subnet is given to, e.g. "Microsoft.DBforPostgreSQL/flexibleServers". @default - none */
  readonly delegation?: string;
  /** e.g. ["Microsoft.Storage"]. @default - none: private endpoints serve better */
  readonly serviceEndpoints?: string[];
}

/** A subnet with its network security group and its way out. */
export class Subnet extends Construct implements ISubnet {
  /** A subnet that exists already. */
  public static fromId(scope: Construct, id: string, subnetId: string): ISubnet {
    class Imported extends Construct implements ISubnet {
      public readonly subnetId = subnetId;
      public readonly armId = subnetId;
    }
    return new Imported(scope, id);
  }

  public readonly subnetId: string;
  public readonly armId: string;
  public readonly subnetName: string;
  public readonly addressPrefix?: string;
  /** Absent on the firewall's subnets, which take none. */
  public readonly securityGroup?: NetworkSecurityGroup;

  constructor(scope: Construct, id: string, props: SubnetProps) {
    super(scope, id);
    const { role } = props;
    const environment = Environment.of(this);
    this.subnetName = environment.name(this, 'azurerm_subnet', role.roleName, role.fixedName ?? props.subnetName).name;
    this.addressPrefix = props.addressPrefix;
    const subnet = new AzurermSubnet(this, 'Default', {
      name: this.subnetName,
      resourceGroupName: props.virtualNetworkResourceGroupName,
      virtualNetworkName: props.virtualNetworkName,
      addressPrefixes: [props.addressPrefix],
      // Machines without a way out of their own would get one of Azure's, from addresses nobody knows.
      defaultOutboundAccessEnabled: false,
      // Without it the rules of the security group pass private endpoints by.
      privateEndpointNetworkPolicies: role === SubnetRole.PRIVATE_ENDPOINTS ? 'NetworkSecurityGroupEnabled' : undefined,
      serviceEndpoints: props.serviceEndpoints,
      delegation: props.delegation ? [{ name: 'default', serviceDelegation: { name: props.delegation } }] : undefined,
    });
    this.armId = `${props.virtualNetworkArmId}/subnets/${this.subnetName}`;
    // Each link takes the subnet's id from the one before: Azure changes a subnet one request at a time, and whoever uses the
    // last id (AKS checks for the NAT gateway) finds rules and way out in place.
    let subnetId = subnet.id;
    if (role.fixedName === undefined) {
      this.securityGroup = new NetworkSecurityGroup(this, 'SecurityGroup', {
        resourceGroup: props.resourceGroup,
        purpose: role.roleName,
        rules: props.rules,
      });
      subnetId = new SubnetNetworkSecurityGroupAssociation(this, 'SecurityGroupAssociation', {
        subnetId,
        networkSecurityGroupId: this.securityGroup.securityGroupId,
      }).subnetId;
    }
    if (props.natGatewayId !== undefined) {
      subnetId = new SubnetNatGatewayAssociation(this, 'NatGatewayAssociation', {
        subnetId,
        natGatewayId: props.natGatewayId,
      }).subnetId;
    }
    if (props.routeTableId !== undefined) {
      subnetId = new SubnetRouteTableAssociation(this, 'RouteTableAssociation', {
        subnetId,
        routeTableId: props.routeTableId,
      }).subnetId;
    }
    this.subnetId = subnetId;
  }
}
