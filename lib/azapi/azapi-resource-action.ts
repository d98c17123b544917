import { TerraformResource, Token } from 'cdktf';
import type { Construct } from 'constructs';
import { ConfigurationError } from '../core/configuration-error';
import { changeAttributes, checkBody, checkType, elementConfig, withLiteralExpressions } from './azapi-element';
import type { AzapiChange } from './azapi-options';

const METHODS = ['POST', 'PATCH', 'PUT', 'DELETE', 'GET', 'HEAD'];
const MOMENTS = ['apply', 'destroy'];

export interface AzapiResourceActionConfig extends AzapiChange {
  /** ARM id of the resource to act on. */
  readonly resourceId: string;
  /** Name of the action, e.g. "approve". @default - the resource itself */
  readonly action?: string;
  /** POST, PATCH, PUT, DELETE, GET or HEAD. @default POST */
  readonly method?: string;
  /** "apply" or "destroy": when the action is done. @default apply */
  readonly when?: string;
  readonly body?: { [key: string]: unknown };
}

/**
 * An action on a resource, done once.
 * @see https://registry.terraform.io/providers/Azure/azapi/latest/docs/resources/resource_action
 */
export class AzapiResourceAction extends TerraformResource {
  public static readonly tfResourceType = 'azapi_resource_action';

  constructor(
    scope: Construct,
    id: string,
    private readonly config: AzapiResourceActionConfig,
  ) {
    super(scope, id, elementConfig('azapi_resource_action', config));
    checkType(this.node.path, config.type);
    checkBody(this.node.path, config.body);
    checkOneOf(this.node.path, 'method', config.method, METHODS);
    checkOneOf(this.node.path, 'when', config.when, MOMENTS);
  }

  /** A value kept by `responseExportValues`, by its path. */
  public output(path: string): string {
    return Token.asString(this.interpolationForAttribute(`output.${path}`));
  }

  protected override synthesizeAttributes(): { [name: string]: unknown } {
    const { config } = this;
    return {
      ...changeAttributes(config),
      resource_id: config.resourceId,
      action: config.action,
      method: config.method,
      when: config.when,
      body: withLiteralExpressions(config.body),
    };
  }
}

function checkOneOf(path: string, field: string, value: string | undefined, allowed: readonly string[]): void {
  if (value === undefined || Token.isUnresolved(value) || allowed.includes(value)) return;
  throw new ConfigurationError(path, {
    what: `${field} is not known`,
    got: JSON.stringify(value),
    allowed: allowed.join(', '),
    fix: `use one of them, or leave ${field} out for ${allowed[0]}`,
  });
}
