/** Kinds of Entra principals, as role assignments name them. */
export enum PrincipalType {
  USER = 'User',
  GROUP = 'Group',
  SERVICE_PRINCIPAL = 'ServicePrincipal',
}

/** Somebody or something that can be given a role. */
export interface IPrincipal {
  /** Stable and known at synth, e.g. "group-risk-ml": part of the address and of the name of the assignment. */
  readonly principalName: string;
  /** Object id in Entra; may be a token. */
  readonly principalId: string;
  readonly principalType: PrincipalType;
}

/** A principal that exists already. */
export class Principal implements IPrincipal {
  /**
   * An Entra group. The right way to give people access: membership changes without a deployment.
   * @param name what the group is called here, lower-case words with hyphens
   * @param objectId GUID of the group
   */
  public static group(name: string, objectId: string): Principal {
    return new Principal(`group-${name}`, objectId, PrincipalType.GROUP);
  }

  /** One person. Prefer a group. */
  public static user(name: string, objectId: string): Principal {
    return new Principal(`user-${name}`, objectId, PrincipalType.USER);
  }

  /** An application or managed identity by the object id of its service principal. */
  public static servicePrincipal(name: string, objectId: string): Principal {
    return new Principal(`sp-${name}`, objectId, PrincipalType.SERVICE_PRINCIPAL);
  }

  private constructor(
    public readonly principalName: string,
    public readonly principalId: string,
    public readonly principalType: PrincipalType,
  ) {}
}
