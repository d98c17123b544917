import { NatGateway as AzurermNatGateway } from '@cdktf/provider-azurerm/lib/nat-gateway';
import { NatGatewayPublicIpAssociation } from '@cdktf/provider-azurerm/lib/nat-gateway-public-ip-association';
import { PublicIp } from '@cdktf/provider-azurerm/lib/public-ip';
import { Construct } from 'constructs';
import { Environment, type IResourceGroup } from '../core';
import type { NatGatewayEgressOptions } from './egress';

export interface NatGatewayProps extends NatGatewayEgressOptions {
  readonly resourceGroup: IResourceGroup;
}

/** A NAT gateway with its public addresses. */
export class NatGateway extends Construct {
  /** ARM id as a reference to the resource. What uses it is made after the gateway has its addresses. */
  public readonly natGatewayId: string;
  /** ARM id known at synth. */
  public readonly armId: string;
  public readonly natGatewayName: string;
  /** The addresses that the internet sees; known to Azure only. */
  public readonly publicIpAddresses: string[];

  constructor(scope: Construct, id: string, props: NatGatewayProps) {
    super(scope, id);
    const environment = Environment.of(this);
    const resourceGroupName = props.resourceGroup.resourceGroupName;
    const named = environment.name(this, 'azurerm_nat_gateway');
    const gateway = new AzurermNatGateway(this, 'Default', {
      name: named.name,
      resourceGroupName,
      location: environment.location,
      skuName: 'Standard',
      idleTimeoutInMinutes: props.idleTimeoutMinutes ?? 4,
      zones: props.zone === undefined ? undefined : [props.zone],
      tags: named.tags,
    });
    this.armId = `${props.resourceGroup.armId}/providers/Microsoft.Network/natGateways/${named.name}`;
    this.natGatewayName = named.name;
    this.publicIpAddresses = [];
    let natGatewayId = gateway.id;
    for (let number = 1; number <= (props.publicIpCount ?? 1); number += 1) {
      const address = environment.name(this, 'azurerm_public_ip', `egress-${number}`);
      const publicIp = new PublicIp(this, `PublicIp-${number}`, {
        name: address.name,
        resourceGroupName,
        location: environment.location,
        sku: 'Standard',
        allocationMethod: 'Static',
        // Spread over all zones: the address outlives one of them, whatever zone the gateway is in.
        zones: environment.profile.zoneRedundant ? ['1', '2', '3'] : undefined,
        tags: address.tags,
      });
      natGatewayId = new NatGatewayPublicIpAssociation(this, `Association-${number}`, {
        natGatewayId,
        publicIpAddressId: publicIp.id,
      }).natGatewayId;
      this.publicIpAddresses.push(publicIp.ipAddress);
    }
    this.natGatewayId = natGatewayId;
  }
}
