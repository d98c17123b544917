import { MonitorDataCollectionEndpoint } from '@cdktf/provider-azurerm/lib/monitor-data-collection-endpoint';
import { MonitorDataCollectionRule } from '@cdktf/provider-azurerm/lib/monitor-data-collection-rule';
import { MonitorDataCollectionRuleAssociation } from '@cdktf/provider-azurerm/lib/monitor-data-collection-rule-association';
import { MonitorWorkspace as AzurermMonitorWorkspace } from '@cdktf/provider-azurerm/lib/monitor-workspace';
import { Construct, type IConstruct } from 'constructs';
import { Environment, type IResourceGroup } from '../core';
import { ConfigurationError } from '../core/configuration-error';
import { statefulLifecycle } from '../core/stateful';
import { BuiltInRole, type IPrincipal, RoleGrant } from '../identity';
import { type IPrivateAccess, PrivateService } from '../network';
import type { PrivateLinkScope } from './private-link-scope';

/** An Azure Monitor workspace, made here or elsewhere. */
export interface IMonitorWorkspace extends IConstruct {
  /** ARM id as a reference to the resource. */
  readonly monitorWorkspaceId: string;
  /** ARM id known at synth. */
  readonly armId: string;
  readonly monitorWorkspaceName: string;
  /** Lets `principal` query the metrics. */
  grantQuery(principal: IPrincipal): RoleGrant;
}

export interface MonitorWorkspaceProps {
  readonly resourceGroup: IResourceGroup;
  /** Gives the workspace a private endpoint for queries. */
  readonly privateAccess: IPrivateAccess;
  /** The network's private way to Azure Monitor; metrics then come in by it alone. @default - by the public door, signed in by identity */
  readonly privateLinkScope?: PrivateLinkScope;
  /** 4-44 ASCII letters, digits and single hyphens, letter first. @default - made by the environment's naming */
  readonly monitorWorkspaceName?: string;
}

abstract class MonitorWorkspaceBase extends Construct implements IMonitorWorkspace {
  public abstract readonly monitorWorkspaceId: string;
  public abstract readonly armId: string;
  public abstract readonly monitorWorkspaceName: string;

  public grantQuery(principal: IPrincipal): RoleGrant {
    const role = BuiltInRole.MONITORING_DATA_READER;
    return RoleGrant.on(this, { principal, role, resourceId: this.monitorWorkspaceId, armId: this.armId });
  }
}

/** Where managed Prometheus keeps metrics. */
export class MonitorWorkspace extends MonitorWorkspaceBase {
  /** A workspace that exists already. */
  public static fromId(scope: Construct, id: string, monitorWorkspaceId: string): IMonitorWorkspace {
    class Imported extends MonitorWorkspaceBase {
      public readonly monitorWorkspaceId = monitorWorkspaceId;
      public readonly armId = monitorWorkspaceId;
      public readonly monitorWorkspaceName = monitorWorkspaceId.slice(monitorWorkspaceId.lastIndexOf('/') + 1);
    }
    return new Imported(scope, id);
  }

  public readonly monitorWorkspaceId: string;
  public readonly armId: string;
  public readonly monitorWorkspaceName: string;
  /** Where Prometheus queries go; known to Azure only. */
  public readonly queryEndpoint: string;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: MonitorWorkspaceProps,
  ) {
    super(scope, id);
    const environment = Environment.of(this);
    const named = environment.name(this, 'azurerm_monitor_workspace', undefined, props.monitorWorkspaceName);
    const workspace = new AzurermMonitorWorkspace(this, 'Default', {
      name: named.name,
      resourceGroupName: props.resourceGroup.resourceGroupName,
      location: environment.location,
      publicNetworkAccessEnabled: false,
      tags: named.tags,
      lifecycle: statefulLifecycle(environment),
    });
    this.monitorWorkspaceId = workspace.id;
    this.armId = `${props.resourceGroup.armId}/providers/Microsoft.Monitor/accounts/${named.name}`;
    this.monitorWorkspaceName = named.name;
    this.queryEndpoint = workspace.queryEndpoint;
    props.privateAccess.connect(this, {
      service: PrivateService.MONITOR_WORKSPACE,
      resourceId: workspace.id,
      resourceName: named.name,
    });
  }

  /**
   * Collects the metrics of a cluster: endpoint, rule and association. The cluster itself must send them (its monitor metrics on).
   * @param name of the cluster, known at synth
   * @param clusterId ARM id of the cluster as a reference to the resource
   * @throws when metrics of a cluster of this name are collected already
   */
  public collectFrom(name: string, clusterId: string): void {
    const environment = Environment.of(this);
    if (this.node.tryFindChild(`Collection-${name}`)) {
      throw new ConfigurationError(this.node.path, {
        what: 'metrics of this cluster are collected already',
        got: name,
        allowed: 'each cluster once',
        fix: 'drop one of the calls of collectFrom',
      });
    }
    const collection = new Construct(this, `Collection-${name}`);
    const { resourceGroup, privateLinkScope } = this.props;
    const common = { resourceGroupName: resourceGroup.resourceGroupName, location: environment.location, kind: 'Linux' };
    const endpointName = environment.name(this, 'azurerm_monitor_data_collection_endpoint', name);
    const endpoint = new MonitorDataCollectionEndpoint(collection, 'Endpoint', {
      ...common,
      name: endpointName.name,
      // Without a private link scope there is no other way in; what sends signs in with its identity.
      publicNetworkAccessEnabled: privateLinkScope === undefined,
      tags: endpointName.tags,
    });
    privateLinkScope?.addDataCollectionEndpoint(endpointName.name, endpoint.id);
    const ruleName = environment.name(this, 'azurerm_monitor_data_collection_rule', name);
    const streams = ['Microsoft-PrometheusMetrics'];
    const rule = new MonitorDataCollectionRule(collection, 'Rule', {
      ...common,
      name: ruleName.name,
      dataCollectionEndpointId: endpoint.id,
      dataSources: { prometheusForwarder: [{ name: 'prometheus', streams }] },
      destinations: { monitorAccount: [{ name: 'workspace', monitorAccountId: this.monitorWorkspaceId }] },
      dataFlow: [{ streams, destinations: ['workspace'] }],
      tags: ruleName.tags,
    });
    new MonitorDataCollectionRuleAssociation(collection, 'RuleAssociation', {
      name: 'prometheus',
      targetResourceId: clusterId,
      dataCollectionRuleId: rule.id,
    });
    new MonitorDataCollectionRuleAssociation(collection, 'EndpointAssociation', {
      name: 'configurationAccessEndpoint', // the only name that Azure takes for it
      targetResourceId: clusterId,
      dataCollectionEndpointId: endpoint.id,
    });
  }
}
