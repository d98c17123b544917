import { TerraformProvider } from 'cdktf';
import type { Construct } from 'constructs';
import { AZAPI } from './azapi-element';

export interface AzapiProviderConfig {
  /** GUID. @default - ARM_SUBSCRIPTION_ID, or the one that the Azure CLI has selected */
  readonly subscriptionId?: string;
  /** GUID. @default - ARM_TENANT_ID */
  readonly tenantId?: string;
  /** Log in with the OIDC token of a pipeline. @default - ARM_USE_OIDC */
  readonly useOidc?: boolean;
  /** Tags of resources that set none. @default - none */
  readonly defaultTags?: { [key: string]: string };
  /** @default - none: the provider is the stack's only one */
  readonly alias?: string;
}

/**
 * The azapi provider: resources as Azure Resource Manager defines them, for what azurerm does not have (yet).
 * @see https://registry.terraform.io/providers/Azure/azapi/latest/docs
 */
export class AzapiProvider extends TerraformProvider {
  public static readonly tfResourceType = 'azapi';

  constructor(
    scope: Construct,
    id: string,
    private readonly config: AzapiProviderConfig = {},
  ) {
    super(scope, id, {
      terraformResourceType: 'azapi',
      terraformGeneratorMetadata: {
        providerName: AZAPI.providerName,
        providerVersion: AZAPI.version,
        providerVersionConstraint: AZAPI.constraint,
      },
      terraformProviderSource: AZAPI.source,
    });
    this.alias = config.alias;
  }

  protected override synthesizeAttributes(): { [name: string]: unknown } {
    return {
      alias: this.alias,
      subscription_id: this.config.subscriptionId,
      tenant_id: this.config.tenantId,
      use_oidc: this.config.useOidc,
      default_tags: this.config.defaultTags,
    };
  }
}
