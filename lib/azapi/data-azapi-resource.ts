import { TerraformDataSource, Token } from 'cdktf';
import type { Construct } from 'constructs';
import { ConfigurationError } from '../core/configuration-error';
import { checkType, elementConfig, requestAttributes } from './azapi-element';
import type { AzapiRequest } from './azapi-options';

export interface DataAzapiResourceConfig extends AzapiRequest {
  /** ARM id. @default - by name and parentId */
  readonly resourceId?: string;
  readonly name?: string;
  readonly parentId?: string;
  /** Read as absent what does not exist, instead of failing. @default false */
  readonly ignoreNotFound?: boolean;
}

/**
 * Reads a resource of any ARM type.
 * @see https://registry.terraform.io/providers/Azure/azapi/latest/docs/data-sources/resource
 */
export class DataAzapiResource extends TerraformDataSource {
  public static readonly tfResourceType = 'azapi_resource';

  constructor(
    scope: Construct,
    id: string,
    private readonly config: DataAzapiResourceConfig,
  ) {
    super(scope, id, elementConfig('azapi_resource', config));
    checkType(this.node.path, config.type);
    if ((config.resourceId === undefined) === (config.name === undefined)) {
      throw new ConfigurationError(this.node.path, {
        what: 'the resource is not named once',
        got: config.resourceId === undefined ? 'neither resourceId nor name' : 'both resourceId and name',
        allowed: 'resourceId, or name with parentId',
        fix: 'give one of the two',
      });
    }
  }

  /** ARM id. */
  public get id(): string {
    return this.getStringAttribute('id');
  }

  public get location(): string {
    return this.getStringAttribute('location');
  }

  /** A value kept by `responseExportValues`, by its path. */
  public output(path: string): string {
    return Token.asString(this.interpolationForAttribute(`output.${path}`));
  }

  protected override synthesizeAttributes(): { [name: string]: unknown } {
    const { config } = this;
    return {
      ...requestAttributes(config),
      resource_id: config.resourceId,
      name: config.name,
      parent_id: config.parentId,
      ignore_not_found: config.ignoreNotFound,
    };
  }
}
