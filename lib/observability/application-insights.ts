import { ApplicationInsights as AzurermApplicationInsights } from '@cdktf/provider-azurerm/lib/application-insights';
import { Construct, type IConstruct } from 'constructs';
import { Environment, type IResourceGroup } from '../core';
import type { ILogAnalytics } from './log-analytics';

/** Application Insights, made here or elsewhere. */
export interface IApplicationInsights extends IConstruct {
  /** ARM id as a reference to the resource. */
  readonly applicationInsightsId: string;
  /** ARM id known at synth. */
  readonly armId: string;
  readonly applicationInsightsName: string;
}

export interface ApplicationInsightsProps {
  readonly resourceGroup: IResourceGroup;
  /** Where its data is kept. Azure cannot take it away again. */
  readonly logAnalytics: ILogAnalytics;
  /** 1-260 characters without % & \ ? /. @default - made by the environment's naming */
  readonly applicationInsightsName?: string;
  /** Whether telemetry comes in and is read by a private link scope alone. @default false */
  readonly privateOnly?: boolean;
  /** Share of telemetry to keep, 0-100. @default 100 */
  readonly samplingPercentage?: number;
}

/** Traces, requests and metrics of applications, kept in a Log Analytics workspace. */
export class ApplicationInsights extends Construct implements IApplicationInsights {
  /** Application Insights that exists already. */
  public static fromId(scope: Construct, id: string, applicationInsightsId: string): IApplicationInsights {
    class Imported extends Construct implements IApplicationInsights {
      public readonly applicationInsightsId = applicationInsightsId;
      public readonly armId = applicationInsightsId;
      public readonly applicationInsightsName = applicationInsightsId.slice(applicationInsightsId.lastIndexOf('/') + 1);
    }
    return new Imported(scope, id);
  }

  public readonly applicationInsightsId: string;
  public readonly armId: string;
  public readonly applicationInsightsName: string;
  /** Where applications send their telemetry. Holds no key that opens anything: they sign in with their identity. */
  public readonly connectionString: string;

  constructor(scope: Construct, id: string, props: ApplicationInsightsProps) {
    super(scope, id);
    const environment = Environment.of(this);
    const named = environment.name(this, 'azurerm_application_insights', undefined, props.applicationInsightsName);
    const insights = new AzurermApplicationInsights(this, 'Default', {
      name: named.name,
      resourceGroupName: props.resourceGroup.resourceGroupName,
      location: environment.location,
      applicationType: 'web',
      workspaceId: props.logAnalytics.logAnalyticsId,
      internetIngestionEnabled: !props.privateOnly,
      internetQueryEnabled: !props.privateOnly,
      samplingPercentage: props.samplingPercentage ?? 100,
      tags: named.tags,
    });
    this.applicationInsightsId = insights.id;
    this.armId = `${props.resourceGroup.armId}/providers/Microsoft.Insights/components/${named.name}`;
    this.applicationInsightsName = named.name;
    this.connectionString = insights.connectionString;
  }
}
