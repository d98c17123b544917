import { DashboardGrafana } from '@cdktf/provider-azurerm/lib/dashboard-grafana';
import { Construct } from 'constructs';
import { Environment, type IResourceGroup } from '../core';
import { ConfigurationError } from '../core/configuration-error';
import { BuiltInRole, type IPrincipal, PrincipalType, RoleGrant } from '../identity';
import { type IPrivateAccess, PrivateService } from '../network';
import type { IMonitorWorkspace } from './monitor-workspace';

export interface ManagedGrafanaProps {
  readonly resourceGroup: IResourceGroup;
  /** Gives Grafana its private endpoint. */
  readonly privateAccess: IPrivateAccess;
  /** Metrics to show. @default - none */
  readonly monitorWorkspaces?: IMonitorWorkspace[];
  /** 2-23 ASCII letters, digits and single hyphens, letter first, unique in Azure. @default - made by the environment's naming */
  readonly grafanaName?: string;
  /** Major version: "10" or "11". @default "11" */
  readonly majorVersion?: string;
}

/** Dashboards for those who have a role on them, from the private network. */
export class ManagedGrafana extends Construct {
  /** ARM id as a reference to the resource. */
  public readonly grafanaId: string;
  /** ARM id known at synth. */
  public readonly armId: string;
  public readonly grafanaName: string;
  /** Where its pages are; known to Azure only. */
  public readonly endpoint: string;
  /** Who Grafana acts as: grant data sources to it. */
  public readonly principal: IPrincipal;

  constructor(scope: Construct, id: string, props: ManagedGrafanaProps) {
    super(scope, id);
    const environment = Environment.of(this);
    const versions = ['10', '11'];
    const majorVersion = props.majorVersion ?? '11';
    if (!versions.includes(majorVersion)) {
      throw new ConfigurationError(this.node.path, {
        what: 'majorVersion is not one that azurerm 4.55.0 takes',
        got: JSON.stringify(majorVersion),
        allowed: versions.join(', '),
        fix: 'leave it out for 11',
      });
    }
    const named = environment.name(this, 'azurerm_dashboard_grafana', undefined, props.grafanaName);
    const workspaces = props.monitorWorkspaces ?? [];
    const grafana = new DashboardGrafana(this, 'Default', {
      name: named.name,
      resourceGroupName: props.resourceGroup.resourceGroupName,
      location: environment.location,
      grafanaMajorVersion: majorVersion,
      sku: 'Standard',
      identity: { type: 'SystemAssigned' },
      apiKeyEnabled: false,
      deterministicOutboundIpEnabled: false,
      publicNetworkAccessEnabled: false,
      zoneRedundancyEnabled: environment.profile.zoneRedundant,
      azureMonitorWorkspaceIntegrations: workspaces.map((workspace) => ({ resourceId: workspace.monitorWorkspaceId })),
      tags: named.tags,
    });
    this.grafanaId = grafana.id;
    this.armId = `${props.resourceGroup.armId}/providers/Microsoft.Dashboard/grafana/${named.name}`;
    this.grafanaName = named.name;
    this.endpoint = grafana.endpoint;
    this.principal = {
      principalName: named.name,
      principalId: grafana.identity.principalId,
      principalType: PrincipalType.SERVICE_PRINCIPAL,
    };
    for (const workspace of workspaces) workspace.grantQuery(this.principal);
    props.privateAccess.connect(this, { service: PrivateService.GRAFANA, resourceId: grafana.id, resourceName: named.name });
  }

  /** Lets `principal` manage data sources, users and all dashboards. */
  public grantAdmin(principal: IPrincipal): RoleGrant {
    return this.grant(principal, BuiltInRole.GRAFANA_ADMIN);
  }

  /** Lets `principal` make and change dashboards. */
  public grantEdit(principal: IPrincipal): RoleGrant {
    return this.grant(principal, BuiltInRole.GRAFANA_EDITOR);
  }

  /** Lets `principal` look at dashboards. */
  public grantView(principal: IPrincipal): RoleGrant {
    return this.grant(principal, BuiltInRole.GRAFANA_VIEWER);
  }

  private grant(principal: IPrincipal, role: BuiltInRole): RoleGrant {
    return RoleGrant.on(this, { principal, role, resourceId: this.grafanaId, armId: this.armId });
  }
}
