import { ConfigurationError } from '../core/configuration-error';
import { nearest } from '../core/nearest';
import type { PrivateService } from '../network';
import serviceTags from './data/service-tags.json';

/** Kinds of outbound rules. */
export enum ManagedNetworkRuleKind {
  FQDN = 'FQDN',
  SERVICE_TAG = 'ServiceTag',
  PRIVATE_ENDPOINT = 'PrivateEndpoint',
}

export interface ServiceTagRuleOptions {
  /** "TCP", "UDP", "ICMP" or "*". @default TCP */
  readonly protocol?: string;
  /** Ports and ranges, e.g. "443" or "80,8000-8080". @default 443 */
  readonly ports?: string;
}

/** The tags that azurerm 4.55.0 takes: case counts, and no tag has a region. */
const SERVICE_TAGS: readonly string[] = serviceTags.tags;

/** Somewhere that compute in a workspace's managed network may connect to. */
export class ManagedNetworkRule {
  /**
   * A host, over HTTP and HTTPS. The first such rule makes Azure run a firewall, which is billed.
   * @param host e.g. "pypi.org" or "*.pythonhosted.org"
   * @throws when it names a scheme, port or path, or storage of Azure, which wants a private endpoint
   */
  public static fqdn(host: string): ManagedNetworkRule {
    if (!/^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(host)) {
      throw new ConfigurationError('ManagedNetworkRule.fqdn', {
        what: 'not a host that a rule can name',
        got: JSON.stringify(host),
        allowed: 'host names, with "*." in front for all hosts below; ports are 80 and 443 always',
        fix: 'drop scheme, port and path, e.g. "pypi.org"',
      });
    }
    if (/\.core\.windows\.net$/i.test(host)) {
      throw new ConfigurationError('ManagedNetworkRule.fqdn', {
        what: 'storage cannot be reached by host name from a managed network',
        got: JSON.stringify(host),
        allowed: 'hosts outside of core.windows.net',
        fix: 'use ManagedNetworkRule.privateEndpoint(storageId, PrivateService.STORAGE_BLOB), or the service tag Storage',
      });
    }
    return new ManagedNetworkRule(ManagedNetworkRuleKind.FQDN, host);
  }

  /**
   * An Azure service by its tag.
   * @param tag e.g. "AzureMonitor"; case counts, regions are not taken
   * @throws when azurerm does not take the tag or the protocol
   */
  public static serviceTag(tag: string, options: ServiceTagRuleOptions = {}): ManagedNetworkRule {
    if (!SERVICE_TAGS.includes(tag)) {
      throw new ConfigurationError('ManagedNetworkRule.serviceTag', {
        what: 'service tag is not known',
        got: JSON.stringify(tag),
        allowed: `e.g. ${nearest(tag, SERVICE_TAGS).join(', ')}`,
        fix: 'mind the case, and leave the region away',
      });
    }
    const protocols = ['TCP', 'UDP', 'ICMP', '*'];
    if (!protocols.includes(options.protocol ?? 'TCP')) {
      throw new ConfigurationError('ManagedNetworkRule.serviceTag', {
        what: 'protocol is not known',
        got: JSON.stringify(options.protocol),
        allowed: protocols.join(', '),
        fix: 'leave it out for TCP',
      });
    }
    return new ManagedNetworkRule(ManagedNetworkRuleKind.SERVICE_TAG, tag, undefined, options);
  }

  /**
   * A resource through a private endpoint in the managed network. The owner of the resource approves it, or the workspace's
   * identity does with the role for it.
   * @param spark whether serverless Spark connects too
   */
  public static privateEndpoint(resourceId: string, service: PrivateService, spark = false): ManagedNetworkRule {
    return new ManagedNetworkRule(ManagedNetworkRuleKind.PRIVATE_ENDPOINT, resourceId, service, {}, spark);
  }

  private constructor(
    public readonly kind: ManagedNetworkRuleKind,
    /** Host, tag or ARM id. */
    public readonly destination: string,
    public readonly service?: PrivateService,
    public readonly serviceTagOptions: ServiceTagRuleOptions = {},
    public readonly spark: boolean = false,
  ) {}
}
