import { RoleAssignment } from '@cdktf/provider-azurerm/lib/role-assignment';
import type { ITerraformDependable } from 'cdktf';
import { Construct, type IConstruct } from 'constructs';
import { Environment } from '../core';
import { type IPrincipal, PrincipalType } from './principal';
import type { IRole } from './role';
import { stableGuid } from './stable-guid';

export interface RoleGrantOptions {
  readonly principal: IPrincipal;
  /** A built-in role, or one of your own. */
  readonly role: IRole;
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
      roleDefinitionId:
        role.roleDefinitionId ??
        `/subscriptions/${environment.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${role.roleId}`,
      principalId: principal.principalId,
      principalType: principal.principalType,
      // A service principal that was made seconds ago may not have reached every Entra replica.
      ...(principal.principalType === PrincipalType.SERVICE_PRINCIPAL && !principal.existing
        ? { skipServicePrincipalAadCheck: true }
        : {}),
    });
  }
}
