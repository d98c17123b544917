import { LogAnalyticsWorkspace } from '@cdktf/provider-azurerm/lib/log-analytics-workspace';
import { Construct, type IConstruct } from 'constructs';
import { Environment, type IResourceGroup } from '../core';
import { ConfigurationError } from '../core/configuration-error';
import { statefulLifecycle } from '../core/stateful';

/** A Log Analytics workspace, made here or elsewhere. */
export interface ILogAnalytics extends IConstruct {
  /** ARM id as a reference to the resource. */
  readonly logAnalyticsId: string;
  /** ARM id known at synth. */
  readonly armId: string;
  readonly logAnalyticsName: string;
}

export interface LogAnalyticsProps {
  readonly resourceGroup: IResourceGroup;
  /** 4-63 ASCII letters, digits and hyphens. @default - made by the environment's naming */
  readonly logAnalyticsName?: string;
  /** Days that logs are kept, 30-730. @default - by profile */
  readonly retentionDays?: number;
  /** Whether logs come in and are read by a private link scope alone. @default false */
  readonly privateOnly?: boolean;
  /** GB a day after which ingestion stops until the next day, -1 for no limit. @default - by profile */
  readonly dailyQuotaGb?: number;
}

/** Where logs go. Written to by identities alone. */
export class LogAnalytics extends Construct implements ILogAnalytics {
  /** A workspace that exists already. */
  public static fromId(scope: Construct, id: string, logAnalyticsId: string): ILogAnalytics {
    class Imported extends Construct implements ILogAnalytics {
      public readonly logAnalyticsId = logAnalyticsId;
      public readonly armId = logAnalyticsId;
      public readonly logAnalyticsName = logAnalyticsId.slice(logAnalyticsId.lastIndexOf('/') + 1);
    }
    return new Imported(scope, id);
  }

  public readonly logAnalyticsId: string;
  public readonly armId: string;
  public readonly logAnalyticsName: string;

  constructor(scope: Construct, id: string, props: LogAnalyticsProps) {
    super(scope, id);
    const environment = Environment.of(this);
    const { profile } = environment;
    const retentionInDays = props.retentionDays ?? profile.logRetentionDays;
    if (!Number.isInteger(retentionInDays) || retentionInDays < 30 || retentionInDays > 730) {
      throw new ConfigurationError(this.node.path, {
        what: 'retentionDays is out of range',
        got: String(retentionInDays),
        allowed: '30-730',
        fix: 'leave it out for the default of the profile, or archive to storage for longer',
      });
    }
    const named = environment.name(this, 'azurerm_log_analytics_workspace', undefined, props.logAnalyticsName);
    const workspace = new LogAnalyticsWorkspace(this, 'Default', {
      name: named.name,
      resourceGroupName: props.resourceGroup.resourceGroupName,
      location: environment.location,
      sku: 'PerGB2018',
      retentionInDays,
      dailyQuotaGb: props.dailyQuotaGb ?? profile.logDailyQuotaGb,
      localAuthenticationEnabled: false,
      internetIngestionEnabled: !props.privateOnly,
      internetQueryEnabled: !props.privateOnly,
      tags: named.tags,
      lifecycle: statefulLifecycle(environment),
    });
    this.logAnalyticsId = workspace.id;
    this.armId = `${props.resourceGroup.armId}/providers/Microsoft.OperationalInsights/workspaces/${named.name}`;
    this.logAnalyticsName = named.name;
  }
}
