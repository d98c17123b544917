import { ConfigurationError } from '../core/configuration-error';

/** Who owns the private DNS zones. */
export enum PrivateDnsMode {
  /** This platform: zones and links are made with it, each on first use. */
  OWNED = 'owned',
  /** Somebody else: zones are named by id, and linked to the network by their owner. */
  IMPORTED = 'imported',
  /** An Azure Policy of the landing zone, which adds the zone group to each endpoint by itself. */
  POLICY_MANAGED = 'policy-managed',
}

/** How names of private endpoints are resolved. */
export class PrivateDns {
  /** Zones of this platform's own. For networks that stand alone. */
  public static owned(): PrivateDns {
    return new PrivateDns(PrivateDnsMode.OWNED);
  }

  /**
   * Zones that exist, all in one resource group, as hubs keep them.
   * @param resourceGroupId ARM id of that group; another subscription will do
   */
  public static importedFrom(resourceGroupId: string): PrivateDns {
    if (!/^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+$/i.test(resourceGroupId)) {
      throw new ConfigurationError('PrivateDns.importedFrom', {
        what: 'not the id of a resource group',
        got: JSON.stringify(resourceGroupId),
        allowed: '/subscriptions/<guid>/resourceGroups/<name>',
        fix: 'copy it from `az group show --query id`',
      });
    }
    return new PrivateDns(PrivateDnsMode.IMPORTED, {}, `${resourceGroupId}/providers/Microsoft.Network/privateDnsZones`);
  }

  /**
   * Zones that exist, by id.
   * @param zoneIds map from zone name, e.g. "privatelink.vaultcore.azure.net", to its ARM id
   */
  public static imported(zoneIds: { [zoneName: string]: string }): PrivateDns {
    for (const [zoneName, zoneId] of Object.entries(zoneIds)) {
      if (zoneId.toLowerCase().endsWith(`/providers/microsoft.network/privatednszones/${zoneName.toLowerCase()}`)) continue;
      throw new ConfigurationError('PrivateDns.imported', {
        what: `not the id of zone ${zoneName}`,
        got: JSON.stringify(zoneId),
        allowed: `/subscriptions/<guid>/resourceGroups/<name>/providers/Microsoft.Network/privateDnsZones/${zoneName}`,
        fix: 'copy it from `az network private-dns zone show --query id`',
      });
    }
    return new PrivateDns(PrivateDnsMode.IMPORTED, zoneIds);
  }

  /** Zone groups are left to an Azure Policy (DeployIfNotExists), and Terraform ignores them. */
  public static policyManaged(): PrivateDns {
    return new PrivateDns(PrivateDnsMode.POLICY_MANAGED);
  }

  private constructor(
    public readonly mode: PrivateDnsMode,
    private readonly zoneIds: { [zoneName: string]: string } = {},
    private readonly parentId?: string,
  ) {}

  /**
   * ARM id of an imported zone.
   * @throws when none of that name was given
   */
  public zoneId(zoneName: string): string {
    const id = this.zoneIds[zoneName] ?? (this.parentId === undefined ? undefined : `${this.parentId}/${zoneName}`);
    if (id !== undefined) return id;
    throw new ConfigurationError('PrivateDns', {
      what: `no imported zone is called ${zoneName}`,
      got: Object.keys(this.zoneIds).join(', ') || 'none',
      allowed: `an id for ${zoneName}`,
      fix: `add ${JSON.stringify(zoneName)} to PrivateDns.imported(...), or name the zones' group with PrivateDns.importedFrom(...)`,
    });
  }
}
