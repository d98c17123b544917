import { Route } from '@cdktf/provider-azurerm/lib/route';
import { RouteTable } from '@cdktf/provider-azurerm/lib/route-table';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { Environment, type IResourceGroup } from '../core';

export interface ApplianceRouteProps {
  readonly resourceGroup: IResourceGroup;
  /** Address of the firewall or router. */
  readonly nextHopIpAddress: string;
  /** What must be there before traffic is sent, such as the firewall's rules. @default - nothing */
  readonly after?: ITerraformDependable[];
}

/** A route table that sends everything to a firewall or router. */
export class ApplianceRoute extends Construct {
  /** Id of the table by way of the route: whoever uses it finds the route in it. */
  public readonly routeTableId: string;
  /** ARM id known at synth. */
  public readonly armId: string;

  constructor(scope: Construct, id: string, props: ApplianceRouteProps) {
    super(scope, id);
    const environment = Environment.of(this);
    const named = environment.name(this, 'azurerm_route_table');
    const table = new RouteTable(this, 'Default', {
      name: named.name,
      resourceGroupName: props.resourceGroup.resourceGroupName,
      location: environment.location,
      bgpRoutePropagationEnabled: false, // routes learned from a gateway would pass the appliance by
      tags: named.tags,
    });
    const route = new Route(this, 'Everything', {
      name: 'default',
      resourceGroupName: props.resourceGroup.resourceGroupName,
      routeTableName: table.name,
      addressPrefix: '0.0.0.0/0',
      nextHopType: 'VirtualAppliance',
      nextHopInIpAddress: props.nextHopIpAddress,
      dependsOn: props.after,
    });
    const tables = `${props.resourceGroup.armId}/providers/Microsoft.Network/routeTables`;
    this.routeTableId = `${tables}/${route.routeTableName}`;
    this.armId = `${tables}/${named.name}`;
  }
}
