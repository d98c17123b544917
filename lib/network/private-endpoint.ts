import { PrivateEndpoint as AzurermPrivateEndpoint } from '@cdktf/provider-azurerm/lib/private-endpoint';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { Environment, type IResourceGroup } from '../core';
import type { PrivateService } from './private-service';
import type { ISubnet } from './subnet';

export interface PrivateEndpointProps {
  readonly resourceGroup: IResourceGroup;
  readonly subnet: ISubnet;
  readonly service: PrivateService;
  /** ARM id of what the endpoint leads to, as a reference to the resource. */
  readonly resourceId: string;
  /** Its name, known at synth: part of the endpoint's name. */
  readonly resourceName: string;
  /** Ids of the zones that get the endpoint's records. @default - none: a policy adds them, and Terraform ignores them */
  readonly zoneIds?: string[];
}

/** An address in a subnet that leads to one sub-resource of one Azure resource. */
export class PrivateEndpoint extends Construct {
  /** ARM id as a reference to the resource. */
  public readonly endpointId: string;
  /** ARM id known at synth. */
  public readonly armId: string;
  public readonly endpointName: string;
  /** For the `dependsOn` of what talks to the resource through the endpoint. */
  public readonly dependable: ITerraformDependable;

  constructor(scope: Construct, id: string, props: PrivateEndpointProps) {
    super(scope, id);
    const environment = Environment.of(this);
    const { service, resourceGroup } = props;
    const purpose = `${props.resourceName}-${service.subresource}`;
    const named = environment.name(this, 'azurerm_private_endpoint', purpose);
    const endpoint = new AzurermPrivateEndpoint(this, 'Default', {
      name: named.name,
      resourceGroupName: resourceGroup.resourceGroupName,
      location: environment.location,
      subnetId: props.subnet.subnetId,
      privateServiceConnection: {
        name: `${props.resourceName}-${service.subresource}`,
        privateConnectionResourceId: props.resourceId,
        subresourceNames: [service.subresource],
        isManualConnection: false,
      },
      tags: named.tags,
      ...(props.zoneIds
        ? { privateDnsZoneGroup: { name: 'default', privateDnsZoneIds: props.zoneIds } }
        : { lifecycle: { ignoreChanges: ['private_dns_zone_group'] } }),
    });
    this.endpointId = endpoint.id;
    this.armId = `${resourceGroup.armId}/providers/Microsoft.Network/privateEndpoints/${named.name}`;
    this.endpointName = named.name;
    this.dependable = endpoint;
  }
}
