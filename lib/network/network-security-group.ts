import { NetworkSecurityGroup as AzurermSecurityGroup } from '@cdktf/provider-azurerm/lib/network-security-group';
import { NetworkSecurityRule as AzurermSecurityRule } from '@cdktf/provider-azurerm/lib/network-security-rule';
import { Construct } from 'constructs';
import { Environment, type IResourceGroup } from '../core';
import { ConfigurationError } from '../core/configuration-error';

/** Which way traffic goes, seen from the subnet. */
export enum TrafficDirection {
  INBOUND = 'Inbound',
  OUTBOUND = 'Outbound',
}

export interface NetworkSecurityRule {
  /** Lower-case words with hyphens, unique in the group, e.g. "allow-https". */
  readonly name: string;
  readonly direction: TrafficDirection;
  /** @default true */
  readonly allow?: boolean;
  /** "Tcp", "Udp", "Icmp" or "*". @default Tcp */
  readonly protocol?: string;
  /** Ports or ranges of the destination, e.g. ["443", "8000-8080"]. @default - all */
  readonly ports?: string[];
  /** Range, service tag or "*". @default VirtualNetwork */
  readonly source?: string;
  /** Range, service tag or "*". @default VirtualNetwork */
  readonly destination?: string;
  /** 100-4096, lower wins, unique in its direction. @default - in the order of the rules, from 200 in steps of 10 */
  readonly priority?: number;
  readonly description?: string;
}

export interface NetworkSecurityGroupProps {
  readonly resourceGroup: IResourceGroup;
  /** What the group protects, a word for its name. */
  readonly purpose: string;
  /** @default - none: what Azure adds itself, traffic inside the network and none from outside */
  readonly rules?: NetworkSecurityRule[];
}

/** Who may talk to a subnet, and whom it may talk to. */
export class NetworkSecurityGroup extends Construct {
  /** ARM id as a reference to the resource. */
  public readonly securityGroupId: string;
  /** ARM id known at synth. */
  public readonly armId: string;
  public readonly securityGroupName: string;
  private readonly group: AzurermSecurityGroup;
  private readonly priorities = new Set<string>();

  constructor(scope: Construct, id: string, props: NetworkSecurityGroupProps) {
    super(scope, id);
    const environment = Environment.of(this);
    const named = environment.name(this, 'azurerm_network_security_group', props.purpose);
    this.group = new AzurermSecurityGroup(this, 'Default', {
      name: named.name,
      resourceGroupName: props.resourceGroup.resourceGroupName,
      location: environment.location,
      tags: named.tags,
    });
    this.securityGroupId = this.group.id;
    this.armId = `${props.resourceGroup.armId}/providers/Microsoft.Network/networkSecurityGroups/${named.name}`;
    this.securityGroupName = named.name;
    for (const rule of props.rules ?? []) this.addRule(rule);
  }

  /**
   * Adds a rule.
   * @throws when its name or its priority is taken, or the priority is out of range
   */
  public addRule(rule: NetworkSecurityRule): void {
    const priority = rule.priority ?? this.nextPriority(rule.direction);
    this.check(rule, priority);
    this.priorities.add(`${rule.direction}/${priority}`);
    const ports = rule.ports ?? ['*'];
    // A rule of its own rather than a list on the group: Terraform's JSON would want every field of every rule there.
    new AzurermSecurityRule(this, rule.name, {
      name: rule.name,
      description: rule.description,
      resourceGroupName: this.group.resourceGroupName,
      networkSecurityGroupName: this.group.name,
      direction: rule.direction,
      priority,
      access: rule.allow === false ? 'Deny' : 'Allow',
      protocol: rule.protocol ?? 'Tcp',
      sourcePortRange: '*',
      sourceAddressPrefix: rule.source ?? 'VirtualNetwork',
      destinationAddressPrefix: rule.destination ?? 'VirtualNetwork',
      ...(ports.length === 1 ? { destinationPortRange: ports[0] } : { destinationPortRanges: ports }),
    });
  }

  private nextPriority(direction: TrafficDirection): number {
    let priority = 200;
    while (this.priorities.has(`${direction}/${priority}`)) priority += 10;
    return priority;
  }

  private check(rule: NetworkSecurityRule, priority: number): void {
    if (!Number.isInteger(priority) || priority < 100 || priority > 4096) {
      throw new ConfigurationError(this.node.path, {
        what: `priority of rule ${rule.name} is out of range`,
        got: String(priority),
        allowed: '100-4096',
        fix: 'leave it out to take the next free one',
      });
    }
    if (this.node.tryFindChild(rule.name)) {
      throw new ConfigurationError(this.node.path, {
        what: 'two network rules have one name',
        got: rule.name,
        allowed: 'names unique in the group',
        fix: 'say in the name what tells the rules apart',
      });
    }
    if (this.priorities.has(`${rule.direction}/${priority}`)) {
      throw new ConfigurationError(this.node.path, {
        what: `priority of ${rule.direction.toLowerCase()} rule ${rule.name} is taken`,
        got: String(priority),
        allowed: 'priorities unique in each direction',
        fix: 'leave it out to take the next free one',
      });
    }
  }
}
