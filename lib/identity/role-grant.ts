import { createHash } from 'node:crypto';
import { RoleAssignment } from '@cdktf/provider-azurerm/lib/role-assignment';
import type { ITerraformDependable } from 'cdktf';
import { Construct, type IConstruct } from 'constructs';
import { Environment } from '../core';
import type { BuiltInRole } from './built-in-role';
import { type IPrincipal, PrincipalType } from './principal';

export interface RoleGrantOptions {
  readonly principal: IPrincipal;
  readonly role: BuiltInRole;
  /** ARM id of the scope as a reference to the resource, so that the grant follows it. */
  readonly resourceId: string;
  /** The same id, known at synth: it fixes the assignment's name. */
  readonly armId: string;
}

/** One role for one principal on one resource. */
export class RoleGrant extends Construct {
  /** Grants a role below `scope`; asking twice for the same gives the same grant. */
  public static on(scope: IConstruct, options: RoleGrantOptions): RoleGrant {
    const id = `${options.role.roleName.replace(/[^A-Za-z0-9]/g, '')}-${options.principal.principalName}`;
    const existing = scope.node.tryFindChild(id);
    return existing instanceof RoleGrant ? existing : new RoleGrant(scope as Construct, id, options);
  }

  /** The assignment, for the `dependsOn` of what fails without the role. */
  public readonly dependable: ITerraformDependable;

  private constructor(scope: Construct, id: string, options: RoleGrantOptions) {
    super(scope, id);
    const environment = Environment.of(this);
    const { principal, role } = options;
    this.dependable = new RoleAssignment(this, 'Default', {
      // Azure would pick a random name; a fixed one makes the same grant the same resource when state is rebuilt.
      name: stableGuid(`${options.armId}/${role.roleId}/${principal.principalName}`),
      scope: options.resourceId,
      roleDefinitionId: `/subscriptions/${environment.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${role.roleId}`,
      principalId: principal.principalId,
      principalType: principal.principalType,
      // A service principal that was made seconds ago may not have reached every Entra replica.
      ...(principal.principalType === PrincipalType.SERVICE_PRINCIPAL ? { skipServicePrincipalAadCheck: true } : {}),
    });
  }
}

function stableGuid(seed: string): string {
  const hex = createHash('sha256').update(seed).digest('hex');
  // Version 5 and RFC 4122 variant, as for any name-based GUID.
  const variant = ((Number.parseInt(hex.slice(16, 18), 16) & 0x3f) | 0x80).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(18, 20)}-${hex.slice(20, 32)}`;
}
