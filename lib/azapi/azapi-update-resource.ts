import { TerraformResource, Token } from 'cdktf';
import type { Construct } from 'constructs';
import { changeAttributes, checkBody, checkType, elementConfig, withLiteralExpressions } from './azapi-element';
import type { AzapiChange } from './azapi-options';

export interface AzapiUpdateResourceConfig extends AzapiChange {
  /** ARM id of the resource to change. */
  readonly resourceId: string;
  /** What to merge into the live resource, as ARM defines it. */
  readonly body: { [key: string]: unknown };
}

/**
 * Some fields of a resource that something else made, for fields that azurerm lacks. Destroying it changes nothing in Azure.
 * @see https://registry.terraform.io/providers/Azure/azapi/latest/docs/resources/update_resource
 */
export class AzapiUpdateResource extends TerraformResource {
  public static readonly tfResourceType = 'azapi_update_resource';

  constructor(
    scope: Construct,
    id: string,
    private readonly config: AzapiUpdateResourceConfig,
  ) {
    super(scope, id, elementConfig('azapi_update_resource', config));
    checkType(this.node.path, config.type);
    checkBody(this.node.path, config.body);
  }

  /** ARM id. */
  public get id(): string {
    return this.getStringAttribute('id');
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
      body: withLiteralExpressions(config.body),
    };
  }
}
