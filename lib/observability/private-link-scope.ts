import { MonitorPrivateLinkScope } from '@cdktf/provider-azurerm/lib/monitor-private-link-scope';
import { MonitorPrivateLinkScopedService } from '@cdktf/provider-azurerm/lib/monitor-private-link-scoped-service';
import { Construct } from 'constructs';
import { Environment, type IResourceGroup } from '../core';
import { type IPrivateAccess, PrivateService } from '../network';
import type { IApplicationInsights } from './application-insights';
import type { ILogAnalytics } from './log-analytics';

export interface PrivateLinkScopeProps {
  readonly resourceGroup: IResourceGroup;
  /** Gives the scope its private endpoint. */
  readonly privateAccess: IPrivateAccess;
  /**
   * Whether networks with this endpoint reach only what is in the scope. Such a network reaches no other Log Analytics workspace or
   * Application Insights, other teams' too.
   * @default false
   */
  readonly privateOnly?: boolean;
  /** 1-255 characters. @default - made by the environment's naming */
  readonly scopeName?: string;
}

/**
 * A private way to Azure Monitor: one for a network, as it answers for names of all of Azure Monitor.
 * @see https://learn.microsoft.com/azure/azure-monitor/logs/private-link-design
 */
export class PrivateLinkScope extends Construct {
  /** ARM id as a reference to the resource. */
  public readonly scopeId: string;
  /** ARM id known at synth. */
  public readonly armId: string;
  public readonly scopeName: string;
  private readonly scope: MonitorPrivateLinkScope;

  constructor(scope: Construct, id: string, props: PrivateLinkScopeProps) {
    super(scope, id);
    const named = Environment.of(this).name(this, 'azurerm_monitor_private_link_scope', undefined, props.scopeName);
    const mode = props.privateOnly ? 'PrivateOnly' : 'Open';
    this.scope = new MonitorPrivateLinkScope(this, 'Default', {
      name: named.name,
      resourceGroupName: props.resourceGroup.resourceGroupName,
      ingestionAccessMode: mode,
      queryAccessMode: mode,
      tags: named.tags,
    });
    this.scopeId = this.scope.id;
    this.armId = `${props.resourceGroup.armId}/providers/Microsoft.Insights/privateLinkScopes/${named.name}`;
    this.scopeName = named.name;
    props.privateAccess.connect(this, {
      service: PrivateService.MONITOR_PRIVATE_LINK_SCOPE,
      resourceId: this.scope.id,
      resourceName: named.name,
    });
  }

  /** Takes a Log Analytics workspace into the scope. */
  public addLogAnalytics(logAnalytics: ILogAnalytics): void {
    this.add(logAnalytics.logAnalyticsName, logAnalytics.logAnalyticsId);
  }

  /** Takes Application Insights into the scope. */
  public addApplicationInsights(applicationInsights: IApplicationInsights): void {
    this.add(applicationInsights.applicationInsightsName, applicationInsights.applicationInsightsId);
  }

  /** Takes a data collection endpoint into the scope, so that what it collects comes in privately. */
  public addDataCollectionEndpoint(endpointName: string, endpointId: string): void {
    this.add(endpointName, endpointId);
  }

  private add(name: string, linkedResourceId: string): void {
    if (this.node.tryFindChild(`Member-${name}`)) return;
    new MonitorPrivateLinkScopedService(this, `Member-${name}`, {
      name,
      resourceGroupName: this.scope.resourceGroupName,
      scopeName: this.scope.name,
      linkedResourceId,
    });
  }
}
