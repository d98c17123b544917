import { ConfigurationError } from '../core/configuration-error';
import { parseCidr } from './cidr';
import type { OutboundUse } from './outbound-use';

/** Ways out of a network. */
export enum EgressMode {
  NAT_GATEWAY = 'nat-gateway',
  FIREWALL = 'firewall',
  APPLIANCE = 'appliance',
  NONE = 'none',
}

export interface NatGatewayEgressOptions {
  /** Public addresses, 1-16; each adds 64,512 ports for connections at the same time. @default 1 */
  readonly publicIpCount?: number;
  /** Minutes after which an idle connection is dropped, 4-120. @default 4 */
  readonly idleTimeoutMinutes?: number;
  /** Availability zone to pin the gateway to, "1", "2" or "3". @default - none: Azure picks one */
  readonly zone?: string;
}

/** A rule of your own: a service tag or range, with ports. */
export interface FirewallNetworkRule {
  /** Lower-case words with hyphens, unique. */
  readonly name: string;
  /** Service tags or ranges, e.g. ["AzureContainerRegistry"]. */
  readonly destinations: string[];
  /** Ports or ranges, e.g. ["443"]. */
  readonly ports: string[];
  /** "TCP", "UDP", "ICMP" or "Any". @default ["TCP"] */
  readonly protocols?: string[];
}

export interface FirewallEgressOptions {
  /** What the platform does, so what must be open. */
  readonly uses: OutboundUse[];
  /** Further hosts over HTTPS, e.g. the registries that add-ons pull from: ["ghcr.io", "*.githubusercontent.com"]. @default - none */
  readonly allowedFqdns?: string[];
  /** Further service tags and ranges. @default - none */
  readonly networkRules?: FirewallNetworkRule[];
  /** Basic (up to 250 Mbit/s, wants a management subnet), Standard, or Premium (intrusion detection). @default Standard */
  readonly tier?: string;
}

/** How traffic from nodes and compute leaves the network. */
export class Egress {
  /** A NAT gateway: fixed addresses, everything may leave. */
  public static natGateway(options: NatGatewayEgressOptions = {}): Egress {
    const count = options.publicIpCount ?? 1;
    if (!Number.isInteger(count) || count < 1 || count > 16) {
      throw new ConfigurationError('Egress.natGateway', {
        what: 'publicIpCount is out of range',
        got: String(count),
        allowed: '1-16',
        fix: 'start with 1; each address serves 64,512 connections at the same time',
      });
    }
    const minutes = options.idleTimeoutMinutes ?? 4;
    if (!Number.isInteger(minutes) || minutes < 4 || minutes > 120) {
      throw new ConfigurationError('Egress.natGateway', {
        what: 'idleTimeoutMinutes is out of range',
        got: String(minutes),
        allowed: '4-120',
        fix: 'leave it out for 4 minutes',
      });
    }
    return new Egress(EgressMode.NAT_GATEWAY, options);
  }

  /**
   * An Azure Firewall of the platform's own, closed but for what the platform uses. Billed by the hour, whatever passes.
   *
   * ```ts
   * Egress.firewall({ uses: [OutboundUse.AKS, OutboundUse.AKS_GPU, OutboundUse.MONITORING] })
   * ```
   */
  public static firewall(options: FirewallEgressOptions): Egress {
    const tiers = ['Basic', 'Standard', 'Premium'];
    if (!tiers.includes(options.tier ?? 'Standard')) {
      throw new ConfigurationError('Egress.firewall', {
        what: 'tier is not known',
        got: JSON.stringify(options.tier),
        allowed: tiers.join(', '),
        fix: 'leave it out for Standard',
      });
    }
    const bad = (options.allowedFqdns ?? []).find((fqdn) => !/^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(fqdn));
    if (bad !== undefined) {
      throw new ConfigurationError('Egress.firewall', {
        what: 'not a host that a firewall rule can name',
        got: JSON.stringify(bad),
        allowed: 'host names, with "*." in front for all hosts below; no scheme, port or path',
        fix: 'e.g. "*.githubusercontent.com"',
      });
    }
    return new Egress(EgressMode.FIREWALL, {}, undefined, options);
  }

  /**
   * A firewall or router that exists, e.g. in a hub: a default route sends everything there.
   * @param privateIpAddress its address inside the network or a peered one
   */
  public static appliance(privateIpAddress: string): Egress {
    if (!parseCidr(`${privateIpAddress}/32`)) {
      throw new ConfigurationError('Egress.appliance', {
        what: 'not an IPv4 address',
        got: JSON.stringify(privateIpAddress),
        allowed: 'the private address of the appliance',
        fix: 'e.g. Egress.appliance("10.0.0.4")',
      });
    }
    return new Egress(EgressMode.APPLIANCE, {}, privateIpAddress);
  }

  /** No way out: only private endpoints and peered networks. */
  public static none(): Egress {
    return new Egress(EgressMode.NONE);
  }

  private constructor(
    public readonly mode: EgressMode,
    public readonly natGatewayOptions: NatGatewayEgressOptions = {},
    /** Address of the appliance, where traffic goes to one. */
    public readonly applianceIpAddress?: string,
    public readonly firewallOptions?: FirewallEgressOptions,
  ) {}

  /** The same choice in the words of AKS: its `outbound_type`. */
  public get outboundType(): string {
    switch (this.mode) {
      case EgressMode.NAT_GATEWAY:
        return 'userAssignedNATGateway';
      case EgressMode.NONE:
        return 'none';
      default:
        return 'userDefinedRouting';
    }
  }
}
