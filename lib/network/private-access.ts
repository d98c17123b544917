import { Construct, type IConstruct } from 'constructs';
import { Environment, type IResourceGroup } from '../core';
import { ConfigurationError } from '../core/configuration-error';
import { PrivateDns, PrivateDnsMode } from './private-dns';
import { type IPrivateDnsZone, PrivateDnsZone } from './private-dns-zone';
import { PrivateEndpoint } from './private-endpoint';
import type { PrivateService } from './private-service';
import type { ISubnet } from './subnet';

/** What a private endpoint shall lead to. */
export interface PrivateConnection {
  readonly service: PrivateService;
  /** ARM id as a reference to the resource. */
  readonly resourceId: string;
  /** Name known at synth: part of the endpoint's name. */
  readonly resourceName: string;
}

/** Gives resources private endpoints in one network. */
export interface IPrivateAccess extends IConstruct {
  /** Whether the records of endpoints are kept by this platform, by the owner of imported zones, or by a policy. */
  readonly dnsMode: PrivateDnsMode;
  /**
   * Gives a resource a private endpoint below `scope`, with its records in the zones of the service. Asking twice for the same
   * sub-resource gives the same endpoint.
   */
  connect(scope: Construct, connection: PrivateConnection): PrivateEndpoint;
  /**
   * A private DNS zone, made on first use where the platform owns its zones.
   * @throws where a policy manages the zones
   */
  zone(zoneName: string): IPrivateDnsZone;
}

export interface PrivateAccessProps {
  /** Group of the endpoints, and of the zones where the platform owns them. */
  readonly resourceGroup: IResourceGroup;
  /** Subnet that holds the endpoints. */
  readonly subnet: ISubnet;
  /** Network that resolves their names. */
  readonly virtualNetworkId: string;
  /** @default PrivateDns.owned() */
  readonly dns?: PrivateDns;
}

/** Private endpoints of one subnet, and the zones behind them, each made once. */
export class PrivateAccess extends Construct implements IPrivateAccess {
  public readonly dnsMode: PrivateDnsMode;
  private readonly dns: PrivateDns;
  private readonly zones = new Map<string, IPrivateDnsZone>();

  constructor(
    scope: Construct,
    id: string,
    private readonly props: PrivateAccessProps,
  ) {
    super(scope, id);
    this.dns = props.dns ?? PrivateDns.owned();
    this.dnsMode = this.dns.mode;
  }

  public connect(scope: Construct, connection: PrivateConnection): PrivateEndpoint {
    const { service } = connection;
    const id = `PrivateEndpoint-${service.subresource}`;
    const existing = scope.node.tryFindChild(id);
    if (existing instanceof PrivateEndpoint) return existing;
    const zoneNames = service.zoneNames(Environment.of(this).location);
    return new PrivateEndpoint(scope, id, {
      ...connection,
      resourceGroup: this.props.resourceGroup,
      subnet: this.props.subnet,
      zoneIds: this.dnsMode === PrivateDnsMode.POLICY_MANAGED ? undefined : zoneNames.map((zone) => this.zone(zone).zoneId),
    });
  }

  public zone(zoneName: string): IPrivateDnsZone {
    const known = this.zones.get(zoneName);
    if (known) return known;
    const zone = this.makeZone(zoneName);
    this.zones.set(zoneName, zone);
    return zone;
  }

  private makeZone(zoneName: string): IPrivateDnsZone {
    // Dots would vanish from the Terraform address.
    const id = zoneName.replaceAll('.', '-');
    switch (this.dnsMode) {
      case PrivateDnsMode.OWNED:
        return new PrivateDnsZone(this, id, {
          resourceGroup: this.props.resourceGroup,
          zoneName,
          virtualNetworkId: this.props.virtualNetworkId,
        });
      case PrivateDnsMode.IMPORTED:
        return PrivateDnsZone.fromId(this, id, this.dns.zoneId(zoneName));
      default:
        throw new ConfigurationError(this.node.path, {
          what: 'private DNS zones are left to a policy here',
          got: zoneName,
          allowed: 'PrivateDns.owned(), PrivateDns.imported(...) or PrivateDns.importedFrom(...)',
          fix: 'name the zone with one of these, or let Azure manage it (AKS: privateDnsZone System)',
        });
    }
  }
}
