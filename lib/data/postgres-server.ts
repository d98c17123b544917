import { PostgresqlFlexibleServer } from '@cdktf/provider-azurerm/lib/postgresql-flexible-server';
import { PostgresqlFlexibleServerActiveDirectoryAdministrator } from '@cdktf/provider-azurerm/lib/postgresql-flexible-server-active-directory-administrator';
import { PostgresqlFlexibleServerDatabase } from '@cdktf/provider-azurerm/lib/postgresql-flexible-server-database';
import { Construct } from 'constructs';
import { Environment, type IResourceGroup } from '../core';
import { ConfigurationError } from '../core/configuration-error';
import { statefulLifecycle } from '../core/stateful';
import type { IPrincipal } from '../identity';
import { type IPrivateAccess, PrivateService } from '../network';

export interface PostgresServerProps {
  readonly resourceGroup: IResourceGroup;
  /** Gives the server its private endpoint. */
  readonly privateAccess: IPrivateAccess;
  /** What the server keeps, a word for its name, e.g. "mlflow". */
  readonly purpose: string;
  /** 3-63 lower-case letters, digits and hyphens, unique in Azure. @default - made by the environment's naming */
  readonly serverName?: string;
  /** Databases to make. @default - none */
  readonly databases?: string[];
  /** Size, e.g. "GP_Standard_D2ds_v5". @default - GP_Standard_D2ds_v5 where the profile is zone-redundant, else B_Standard_B1ms */
  readonly skuName?: string;
  /** GiB of disk, a power of two, 32-16384; it grows by itself. @default 32 */
  readonly storageGib?: number;
  /** Major version. @default "16" */
  readonly postgresVersion?: string;
}

/** Zones of the server and of its standby. */
const ZONES = ['1', '2'] as const;

/**
 * A PostgreSQL server for one service: closed to the public network, Entra identities only, with a standby in another zone where
 * the profile is zone-redundant. There is no password and no way to make one.
 */
export class PostgresServer extends Construct {
  /** ARM id as a reference to the resource. */
  public readonly serverId: string;
  /** ARM id known at synth. */
  public readonly armId: string;
  public readonly serverName: string;
  /** Name of the host, resolved by private DNS. */
  public readonly host: string;
  private readonly server: PostgresqlFlexibleServer;
  private readonly resourceGroup: IResourceGroup;

  /** @throws when the size of the disk is not one of Azure's, or a small size would need a standby */
  constructor(scope: Construct, id: string, props: PostgresServerProps) {
    super(scope, id);
    const environment = Environment.of(this);
    const { profile } = environment;
    const named = environment.name(this, 'azurerm_postgresql_flexible_server', props.purpose, props.serverName);
    const skuName = props.skuName ?? (profile.zoneRedundant ? 'GP_Standard_D2ds_v5' : 'B_Standard_B1ms');
    const storageGib = props.storageGib ?? 32;
    this.check(skuName, storageGib, profile.zoneRedundant);
    this.resourceGroup = props.resourceGroup;
    this.serverName = named.name;
    this.host = `${named.name}.postgres.database.azure.com`;
    this.armId = `${props.resourceGroup.armId}/providers/Microsoft.DBforPostgreSQL/flexibleServers/${named.name}`;
    this.server = new PostgresqlFlexibleServer(this, 'Default', {
      name: named.name,
      resourceGroupName: props.resourceGroup.resourceGroupName,
      location: environment.location,
      version: props.postgresVersion ?? '16',
      skuName,
      storageMb: storageGib * 1024,
      autoGrowEnabled: true,
      publicNetworkAccessEnabled: false,
      authentication: { activeDirectoryAuthEnabled: true, passwordAuthEnabled: false, tenantId: environment.tenantId },
      backupRetentionDays: Math.min(35, Math.max(7, profile.softDeleteRetentionDays)),
      geoRedundantBackupEnabled: profile.storageReplication.includes('G'),
      ...(profile.zoneRedundant
        ? { zone: ZONES[0], highAvailability: { mode: 'ZoneRedundant', standbyAvailabilityZone: ZONES[1] } }
        : {}),
      maintenanceWindow: { dayOfWeek: 0, startHour: 2, startMinute: 0 },
      tags: named.tags,
      // A failover swaps the zones: that is no reason to move the server back.
      lifecycle: { ...statefulLifecycle(environment), ignoreChanges: ['zone', 'high_availability[0].standby_availability_zone'] },
    });
    this.serverId = this.server.id;
    props.privateAccess.connect(this, {
      service: PrivateService.POSTGRESQL,
      resourceId: this.server.id,
      resourceName: named.name,
    });
    for (const name of props.databases ?? []) this.addDatabase(name);
  }

  /**
   * Makes a database.
   * @throws when Azure would refuse the name
   */
  public addDatabase(name: string): void {
    if (!/^[a-z_][a-z0-9_-]{0,62}$/.test(name)) {
      throw new ConfigurationError(this.node.path, {
        what: 'name of the database is not valid',
        got: JSON.stringify(name),
        allowed: '1-63 lower-case letters, digits, "_" and "-", letter or "_" first',
        fix: 'e.g. "mlflow"',
      });
    }
    new PostgresqlFlexibleServerDatabase(this, `Database-${name}`, {
      name,
      serverId: this.server.id,
      charset: 'UTF8',
      collation: 'en_US.utf8',
      lifecycle: statefulLifecycle(Environment.of(this)),
    });
  }

  /**
   * Makes a principal an administrator of the server: the one way in that needs no SQL. Right for the service that has the server
   * to itself, and for a group of people who look after it.
   * @param userName name that it signs in as: of the identity or of the group
   */
  public grantAdmin(principal: IPrincipal, userName: string): void {
    const id = `Admin-${principal.principalName}`;
    if (this.node.tryFindChild(id)) return;
    new PostgresqlFlexibleServerActiveDirectoryAdministrator(this, id, {
      resourceGroupName: this.resourceGroup.resourceGroupName,
      serverName: this.server.name,
      tenantId: Environment.of(this).tenantId,
      objectId: principal.principalId,
      principalName: userName,
      principalType: principal.principalType,
    });
  }

  private check(skuName: string, storageGib: number, standby: boolean): void {
    const powers = Array.from({ length: 10 }, (_, index) => 32 * 2 ** index);
    if (!powers.includes(storageGib)) {
      throw new ConfigurationError(this.node.path, {
        what: 'storageGib is not valid',
        got: String(storageGib),
        allowed: powers.join(', '),
        fix: 'e.g. 32',
      });
    }
    if (!/^(B|GP|MO)_Standard_\w+$/.test(skuName) || (standby && skuName.startsWith('B_'))) {
      throw new ConfigurationError(this.node.path, {
        what: standby && skuName.startsWith('B_') ? 'a burstable server has no standby in another zone' : 'skuName is not valid',
        got: JSON.stringify(skuName),
        allowed: standby ? 'GP_Standard_…, MO_Standard_…' : 'B_Standard_…, GP_Standard_…, MO_Standard_…',
        fix: 'e.g. "GP_Standard_D2ds_v5"',
      });
    }
  }
}
