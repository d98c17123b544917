import { Firewall as AzurermFirewall } from '@cdktf/provider-azurerm/lib/firewall';
import { FirewallPolicy } from '@cdktf/provider-azurerm/lib/firewall-policy';
import {
  FirewallPolicyRuleCollectionGroup,
  type FirewallPolicyRuleCollectionGroupApplicationRuleCollection,
  type FirewallPolicyRuleCollectionGroupNetworkRuleCollection,
} from '@cdktf/provider-azurerm/lib/firewall-policy-rule-collection-group';
import { PublicIp } from '@cdktf/provider-azurerm/lib/public-ip';
import { type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { Environment, type IResourceGroup } from '../core';
import type { FirewallEgressOptions, FirewallNetworkRule } from './egress';
import type { ISubnet } from './subnet';

export interface FirewallProps extends FirewallEgressOptions {
  readonly resourceGroup: IResourceGroup;
  /** The subnet called AzureFirewallSubnet. */
  readonly subnet: ISubnet;
  /** The subnet called AzureFirewallManagementSubnet, for tier Basic. @default - none */
  readonly managementSubnet?: ISubnet;
  /** Ranges that may leave through the firewall. */
  readonly sourceAddresses: string[];
}

/** An Azure Firewall with rules made from what the platform does. */
export class Firewall extends Construct {
  /** ARM id as a reference to the resource. */
  public readonly firewallId: string;
  /** ARM id known at synth. */
  public readonly armId: string;
  public readonly firewallName: string;
  /** Where routes send traffic to; known to Azure only. */
  public readonly privateIpAddress: string;
  /** The address that the internet sees; known to Azure only. */
  public readonly publicIpAddress: string;
  /** The rules: until they are there, the firewall lets nothing pass. */
  public readonly rules: ITerraformDependable;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: FirewallProps,
  ) {
    super(scope, id);
    const environment = Environment.of(this);
    const tier = props.tier ?? 'Standard';
    const common = { resourceGroupName: props.resourceGroup.resourceGroupName, location: environment.location };
    const zones = environment.profile.zoneRedundant ? ['1', '2', '3'] : undefined;
    const policyName = environment.name(this, 'azurerm_firewall_policy');
    const policy = new FirewallPolicy(this, 'Policy', {
      ...common,
      name: policyName.name,
      sku: tier,
      threatIntelligenceMode: tier === 'Basic' ? 'Alert' : 'Deny', // Basic can only alert
      intrusionDetection: tier === 'Premium' ? { mode: 'Deny' } : undefined,
      tags: policyName.tags,
    });
    const collections = this.networkCollections();
    this.rules = new FirewallPolicyRuleCollectionGroup(this, 'Rules', {
      name: environment.name(this, 'azurerm_firewall_policy_rule_collection_group').name,
      firewallPolicyId: policy.id,
      priority: 200,
      applicationRuleCollection: this.applicationCollections(),
      networkRuleCollection: collections,
    });
    const address = (purpose: string, constructId: string): PublicIp => {
      const named = environment.name(this, 'azurerm_public_ip', purpose);
      return new PublicIp(this, constructId, {
        ...common,
        name: named.name,
        sku: 'Standard',
        allocationMethod: 'Static',
        zones,
        tags: named.tags,
      });
    };
    const publicIp = address('firewall', 'PublicIp');
    const named = environment.name(this, 'azurerm_firewall');
    const firewall = new AzurermFirewall(this, 'Default', {
      ...common,
      name: named.name,
      skuName: 'AZFW_VNet',
      skuTier: tier,
      firewallPolicyId: policy.id,
      zones,
      ipConfiguration: [{ name: 'default', subnetId: props.subnet.subnetId, publicIpAddressId: publicIp.id }],
      managementIpConfiguration: props.managementSubnet
        ? {
            name: 'management',
            subnetId: props.managementSubnet.subnetId,
            publicIpAddressId: address('firewall-management', 'ManagementPublicIp').id,
          }
        : undefined,
      tags: named.tags,
    });
    this.firewallId = firewall.id;
    this.armId = `${props.resourceGroup.armId}/providers/Microsoft.Network/azureFirewalls/${named.name}`;
    this.firewallName = named.name;
    this.privateIpAddress = firewall.ipConfiguration.get(0).privateIpAddress;
    this.publicIpAddress = publicIp.ipAddress;
  }

  private applicationCollections(): FirewallPolicyRuleCollectionGroupApplicationRuleCollection[] {
    const { uses, sourceAddresses, allowedFqdns = [] } = this.props;
    const { location } = Environment.of(this);
    const rule = (name: string, destinationFqdns: string[], type: string, port: number) =>
      destinationFqdns.length === 0 ? [] : [{ name, sourceAddresses, destinationFqdns, protocols: [{ type, port }] }];
    const rules = [
      ...uses.flatMap((use) => [
        ...rule(use.useName, use.httpsFqdns(location), 'Https', 443),
        ...rule(`${use.useName}-http`, use.httpFqdns(location), 'Http', 80),
      ]),
      ...rule('allowed-fqdns', allowedFqdns, 'Https', 443),
    ];
    return rules.length === 0 ? [] : [{ name: 'hosts', priority: 300, action: 'Allow', rule: rules }];
  }

  private networkCollections(): FirewallPolicyRuleCollectionGroupNetworkRuleCollection[] {
    const { uses, sourceAddresses, networkRules = [] } = this.props;
    const { location } = Environment.of(this);
    const own = networkRules.map((rule: FirewallNetworkRule) => ({
      name: rule.name,
      sourceAddresses,
      protocols: rule.protocols ?? ['TCP'],
      destinationAddresses: rule.destinations,
      destinationPorts: rule.ports,
    }));
    const rules = uses.flatMap((use) =>
      use._tagRules(location).map(({ tag, protocol, ports }) => ({
        name: `${use.useName}-${tag.replace('.', '-').toLowerCase()}-${protocol.toLowerCase()}`,
        sourceAddresses,
        protocols: [protocol],
        destinationAddresses: [tag],
        destinationPorts: ports,
      })),
    );
    return [...rules, ...own].length === 0
      ? []
      : [{ name: 'services', priority: 200, action: 'Allow', rule: [...rules, ...own] }];
  }
}
