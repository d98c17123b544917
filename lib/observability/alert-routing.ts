import { MonitorActionGroup } from '@cdktf/provider-azurerm/lib/monitor-action-group';
import { Construct } from 'constructs';
import { Environment, type IResourceGroup } from '../core';
import { ConfigurationError } from '../core/configuration-error';
import { AlertSeverity } from './alert-severity';

/** Who hears of alerts. */
export interface AlertReceivers {
  /** Mailboxes. @default - none */
  readonly emails?: string[];
  /** Addresses of webhooks, e.g. of an on-call service; a secret address comes from a variable. @default - none */
  readonly webhooks?: string[];
}

export interface AlertRoutingProps {
  readonly resourceGroup: IResourceGroup;
  /** Who is woken. @default - the contact of the environment's owner */
  readonly critical?: AlertReceivers;
  /** Who hears of errors. @default - as critical */
  readonly error?: AlertReceivers;
  /** Who hears of warnings, and of what is good to know. @default - the contact of the environment's owner */
  readonly warning?: AlertReceivers;
}

/** One action group for each severity: alerts say how bad it is, and this says who hears of it. */
export class AlertRouting extends Construct {
  private readonly groups = new Map<AlertSeverity, MonitorActionGroup>();

  constructor(scope: Construct, id: string, props: AlertRoutingProps) {
    super(scope, id);
    const owner: AlertReceivers = { emails: [Environment.of(this).owner.contact] };
    const critical = props.critical ?? owner;
    const warning = props.warning ?? owner;
    this.addGroup(props.resourceGroup, AlertSeverity.CRITICAL, 'critical', critical);
    this.addGroup(props.resourceGroup, AlertSeverity.ERROR, 'error', props.error ?? critical);
    this.addGroup(props.resourceGroup, AlertSeverity.WARNING, 'warning', warning);
  }

  /** ARM id of the action group of a severity, as a reference to the resource. */
  public actionGroupId(severity: AlertSeverity): string {
    const known = severity === AlertSeverity.INFORMATIONAL ? AlertSeverity.WARNING : severity;
    return this.groups.get(known)?.id ?? '';
  }

  private addGroup(resourceGroup: IResourceGroup, severity: AlertSeverity, purpose: string, receivers: AlertReceivers): void {
    const emails = receivers.emails ?? [];
    const webhooks = receivers.webhooks ?? [];
    if (emails.length + webhooks.length === 0) {
      throw new ConfigurationError(this.node.path, {
        what: `alerts of severity ${purpose} reach nobody`,
        allowed: 'one mailbox or webhook at least',
        fix: `e.g. ${purpose}: { emails: ["ml-platform@contoso.example"] }`,
      });
    }
    const environment = Environment.of(this);
    const named = environment.name(this, 'azurerm_monitor_action_group', purpose);
    const group = new MonitorActionGroup(this, purpose, {
      name: named.name,
      shortName: `ml-${purpose}`.slice(0, 12), // Azure takes no more, it appears in text messages
      resourceGroupName: resourceGroup.resourceGroupName,
      location: 'global',
      emailReceiver: emails.map((emailAddress, index) => ({
        name: `email-${index + 1}`,
        emailAddress,
        useCommonAlertSchema: true,
      })),
      webhookReceiver: webhooks.map((serviceUri, index) => ({
        name: `webhook-${index + 1}`,
        serviceUri,
        useCommonAlertSchema: true,
      })),
      tags: named.tags,
    });
    this.groups.set(severity, group);
  }
}
