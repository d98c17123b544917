import { FederatedIdentityCredential } from '@cdktf/provider-azurerm/lib/federated-identity-credential';
import { Token } from 'cdktf';
import { Construct } from 'constructs';
import type { IResourceGroup } from '../core';
import { ConfigurationError } from '../core/configuration-error';

export interface FederatedCredentialProps {
  /** Group of the identity. */
  readonly resourceGroup: IResourceGroup;
  /** ARM id of the user-assigned identity. */
  readonly identityId: string;
  /** 3-120 ASCII letters, digits, "-" and "_", unique on the identity. */
  readonly name: string;
  /** Who signs the tokens, e.g. the OIDC issuer of a cluster. */
  readonly issuer: string;
  /** Whom the tokens must name, e.g. "system:serviceaccount:risk:scorer". */
  readonly subject: string;
}

/** Lets whoever holds a token of another issuer act as a managed identity, with no secret between them. */
export class FederatedCredential extends Construct {
  /** ARM id as a reference to the resource. */
  public readonly credentialId: string;

  constructor(scope: Construct, id: string, props: FederatedCredentialProps) {
    super(scope, id);
    this.checkName(props.name);
    const credential = new FederatedIdentityCredential(this, 'Default', {
      name: props.name,
      resourceGroupName: props.resourceGroup.resourceGroupName,
      parentId: props.identityId,
      issuer: props.issuer,
      subject: props.subject,
      // The only audience that Entra exchanges.
      audience: ['api://AzureADTokenExchange'],
    });
    this.credentialId = credential.id;
  }

  private checkName(name: string): void {
    if (Token.isUnresolved(name) || /^[a-zA-Z0-9][a-zA-Z0-9_-]{2,119}$/.test(name)) return;
    throw new ConfigurationError(this.node.path, {
      what: 'name of the federated credential is not valid',
      got: JSON.stringify(name),
      allowed: '3-120 ASCII letters, digits, "-" and "_", letter or digit first',
      fix: 'e.g. "risk-scorer"',
    });
  }
}
