import { RoleDefinition } from '@cdktf/provider-azurerm/lib/role-definition';
import { Construct } from 'constructs';
import { ConfigurationError } from '../core/configuration-error';
import type { IRole } from './role';
import { stableGuid } from './stable-guid';

export interface CustomRoleProps {
  /** Unique in the tenant, 1-128 characters, e.g. "ML endpoint deployer (mlw-contoso)". */
  readonly roleName: string;
  /** ARM id of a subscription or resource group, as a reference: the role can be granted there and below. */
  readonly scopeId: string;
  /** The same id, known at synth: it fixes the id of the role. */
  readonly scopeArmId: string;
  /** What it may do to resources, e.g. ["Microsoft.MachineLearningServices/workspaces/jobs/*"]. @default - nothing */
  readonly actions?: string[];
  /** What it may do to data. @default - nothing */
  readonly dataActions?: string[];
  /** What is taken out of `actions`. @default - nothing */
  readonly notActions?: string[];
}

/** A role of your own, for what no built-in role is narrow enough. */
export class CustomRole extends Construct implements IRole {
  public readonly roleName: string;
  public readonly roleId: string;
  public readonly roleDefinitionId?: string;

  constructor(scope: Construct, id: string, props: CustomRoleProps) {
    super(scope, id);
    const asked = [...(props.actions ?? []), ...(props.dataActions ?? [])];
    const tooWide = asked.find((action) => action === '*' || /^Microsoft\.Authorization\/(\*$|roleAssignments)/i.test(action));
    if (asked.length === 0 || tooWide !== undefined) {
      throw new ConfigurationError(this.node.path, {
        what: asked.length === 0 ? 'the role allows nothing' : 'the role allows too much',
        got: tooWide ?? 'none',
        allowed: 'actions of single services, none that grants roles',
        fix: 'e.g. actions: ["Microsoft.MachineLearningServices/workspaces/jobs/*"]',
      });
    }
    if (!/^\/subscriptions\/[^/]+(\/resourceGroups\/[^/]+)?$/i.test(props.scopeArmId)) {
      throw new ConfigurationError(this.node.path, {
        what: 'a role cannot be defined at this scope',
        got: props.scopeArmId,
        allowed: 'a subscription or a resource group',
        fix: 'define it for the resource group, and grant it on the resource',
      });
    }
    this.roleName = props.roleName;
    this.roleId = stableGuid(`${props.scopeArmId}/${props.roleName}`);
    this.roleDefinitionId = new RoleDefinition(this, 'Default', {
      name: props.roleName,
      roleDefinitionId: this.roleId,
      scope: props.scopeId,
      assignableScopes: [props.scopeId],
      permissions: [{ actions: props.actions, dataActions: props.dataActions, notActions: props.notActions }],
    }).roleDefinitionResourceId;
  }
}
