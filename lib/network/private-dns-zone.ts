import { PrivateDnsZone as AzurermZone } from '@cdktf/provider-azurerm/lib/private-dns-zone';
import { PrivateDnsZoneVirtualNetworkLink } from '@cdktf/provider-azurerm/lib/private-dns-zone-virtual-network-link';
import { Construct, type IConstruct } from 'constructs';
import { Environment, type IResourceGroup } from '../core';

/** A private DNS zone, made here or elsewhere. */
export interface IPrivateDnsZone extends IConstruct {
  /** ARM id as a reference to the resource. */
  readonly zoneId: string;
  /** ARM id known at synth. */
  readonly armId: string;
  /** e.g. "privatelink.vaultcore.azure.net". */
  readonly zoneName: string;
}

export interface PrivateDnsZoneProps {
  readonly resourceGroup: IResourceGroup;
  readonly zoneName: string;
  /** Network whose machines ask the zone. */
  readonly virtualNetworkId: string;
}

/** A private DNS zone with its link to a network. */
export class PrivateDnsZone extends Construct implements IPrivateDnsZone {
  /** A zone that exists already, linked to the network by its owner. */
  public static fromId(scope: Construct, id: string, zoneId: string): IPrivateDnsZone {
    class Imported extends Construct implements IPrivateDnsZone {
      public readonly zoneId = zoneId;
      public readonly armId = zoneId;
      public readonly zoneName = zoneId.slice(zoneId.lastIndexOf('/') + 1);
    }
    return new Imported(scope, id);
  }

  public readonly zoneId: string;
  public readonly armId: string;
  public readonly zoneName: string;

  constructor(scope: Construct, id: string, props: PrivateDnsZoneProps) {
    super(scope, id);
    const environment = Environment.of(this);
    const zone = new AzurermZone(this, 'Default', {
      name: props.zoneName,
      resourceGroupName: props.resourceGroup.resourceGroupName,
      tags: environment.tags,
    });
    const link = environment.name(this, 'azurerm_private_dns_zone_virtual_network_link', props.zoneName.split('.')[1]);
    new PrivateDnsZoneVirtualNetworkLink(this, 'Link', {
      name: link.name,
      resourceGroupName: props.resourceGroup.resourceGroupName,
      privateDnsZoneName: zone.name,
      virtualNetworkId: props.virtualNetworkId,
      registrationEnabled: false,
      tags: link.tags,
    });
    this.zoneId = zone.id;
    this.armId = `${props.resourceGroup.armId}/providers/Microsoft.Network/privateDnsZones/${props.zoneName}`;
    this.zoneName = props.zoneName;
  }
}
