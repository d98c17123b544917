import { UserAssignedIdentity } from '@cdktf/provider-azurerm/lib/user-assigned-identity';
import { Construct, type IConstruct } from 'constructs';
import { Environment, type IResourceGroup } from '../core';
import { type IPrincipal, PrincipalType } from './principal';

/** A user-assigned managed identity: an account for a workload, with no secret to keep. */
export interface IManagedIdentity extends IConstruct, IPrincipal {
  /** ARM id as a reference to the resource. */
  readonly identityId: string;
  /** ARM id known at synth. */
  readonly armId: string;
  readonly identityName: string;
  /** Client id; known to Azure only. */
  readonly clientId: string;
}

export interface ManagedIdentityProps {
  readonly resourceGroup: IResourceGroup;
  /** What uses the identity, a word for its name, e.g. "aks". */
  readonly purpose: string;
  /** 3-128 ASCII letters, digits, "-" and "_". @default - made by the environment's naming */
  readonly identityName?: string;
}

/** An identity that exists already. */
export interface ManagedIdentityAttributes {
  /** ARM id. */
  readonly identityId: string;
  /** Object id of its service principal. */
  readonly principalId: string;
  readonly clientId: string;
}

export class ManagedIdentity extends Construct implements IManagedIdentity {
  /** An identity that exists already. */
  public static fromAttributes(scope: Construct, id: string, attributes: ManagedIdentityAttributes): IManagedIdentity {
    class Imported extends Construct implements IManagedIdentity {
      public readonly identityId = attributes.identityId;
      public readonly armId = attributes.identityId;
      public readonly identityName = attributes.identityId.slice(attributes.identityId.lastIndexOf('/') + 1);
      public readonly clientId = attributes.clientId;
      public readonly principalId = attributes.principalId;
      public readonly principalName = this.identityName;
      public readonly principalType = PrincipalType.SERVICE_PRINCIPAL;
      public readonly existing = true;
    }
    return new Imported(scope, id);
  }

  public readonly identityId: string;
  public readonly armId: string;
  public readonly identityName: string;
  public readonly clientId: string;
  public readonly principalId: string;
  public readonly principalName: string;
  public readonly principalType = PrincipalType.SERVICE_PRINCIPAL;

  constructor(scope: Construct, id: string, props: ManagedIdentityProps) {
    super(scope, id);
    const environment = Environment.of(this);
    const named = environment.name(this, 'azurerm_user_assigned_identity', props.purpose, props.identityName);
    const identity = new UserAssignedIdentity(this, 'Default', {
      name: named.name,
      resourceGroupName: props.resourceGroup.resourceGroupName,
      location: environment.location,
      tags: named.tags,
    });
    this.identityId = identity.id;
    this.armId = `${props.resourceGroup.armId}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${named.name}`;
    this.identityName = named.name;
    this.clientId = identity.clientId;
    this.principalId = identity.principalId;
    this.principalName = props.purpose;
  }
}
