import { TerraformResource, Token } from 'cdktf';
import type { Construct } from 'constructs';
import { ConfigurationError } from '../core/configuration-error';
import { changeAttributes, checkBody, checkType, elementConfig, withLiteralExpressions } from './azapi-element';
import type { AzapiChange } from './azapi-options';

/** Managed identities of a resource. */
export interface AzapiIdentity {
  /** "SystemAssigned", "UserAssigned" or "SystemAssigned, UserAssigned". */
  readonly type: string;
  /** ARM ids of user-assigned identities. @default - none */
  readonly identityIds?: string[];
}

export interface AzapiResourceConfig extends AzapiChange {
  readonly name: string;
  /** ARM id of what it is made in: a resource group, or the parent resource. */
  readonly parentId: string;
  /** ARM name of the region. Not in `body` too. @default - none: the type has no location of its own */
  readonly location?: string;
  /** The request body as ARM defines it, without name, location, identity and tags. */
  readonly body?: { [key: string]: unknown };
  /** Parts of the body that are secret. Write-only: never in state or plan. Needs Terraform >= 1.11. @default - none */
  readonly sensitiveBody?: { [key: string]: unknown };
  /** Versions of secret parts by body path; a change sends them again. @default - none */
  readonly sensitiveBodyVersion?: { [path: string]: string };
  /** @default - no identity */
  readonly identity?: AzapiIdentity;
  readonly tags?: { [key: string]: string };
  /** Check the body against the schema that azapi embeds. Off for API versions newer than the provider. @default true */
  readonly schemaValidationEnabled?: boolean;
  /** Body paths or values whose change replaces the resource; a changed body alone never does. @default - none */
  readonly replaceTriggersExternalValues?: { [key: string]: unknown };
}

/**
 * A resource of any ARM type.
 * @see https://registry.terraform.io/providers/Azure/azapi/latest/docs/resources/resource
 */
export class AzapiResource extends TerraformResource {
  public static readonly tfResourceType = 'azapi_resource';

  constructor(
    scope: Construct,
    id: string,
    private readonly config: AzapiResourceConfig,
  ) {
    super(scope, id, elementConfig('azapi_resource', config));
    checkType(this.node.path, config.type);
    checkBody(this.node.path, config.body);
    if (config.location !== undefined && config.body && 'location' in config.body) {
      throw new ConfigurationError(this.node.path, {
        what: 'location is given twice, as argument and in the body',
        got: JSON.stringify(config.location),
        allowed: 'one of the two',
        fix: 'drop location from the body',
      });
    }
  }

  /** ARM id. */
  public get id(): string {
    return this.getStringAttribute('id');
  }

  public get name(): string {
    return this.getStringAttribute('name');
  }

  /** Object id of the system-assigned identity. */
  public get principalId(): string {
    return Token.asString(this.interpolationForAttribute('identity[0].principal_id'));
  }

  /** A value kept by `responseExportValues`, by its path, e.g. `output('properties.scoringUri')`. */
  public output(path: string): string {
    return Token.asString(this.interpolationForAttribute(`output.${path}`));
  }

  protected override synthesizeAttributes(): { [name: string]: unknown } {
    const { config } = this;
    return {
      ...changeAttributes(config),
      name: config.name,
      parent_id: config.parentId,
      location: config.location,
      body: withLiteralExpressions(config.body),
      sensitive_body: config.sensitiveBody,
      sensitive_body_version: config.sensitiveBodyVersion,
      identity: config.identity ? [{ type: config.identity.type, identity_ids: config.identity.identityIds }] : undefined,
      tags: config.tags,
      schema_validation_enabled: config.schemaValidationEnabled,
      replace_triggers_external_values: config.replaceTriggersExternalValues,
    };
  }
}
