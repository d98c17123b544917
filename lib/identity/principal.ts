import { Token } from 'cdktf';
import { ConfigurationError } from '../core/configuration-error';

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

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
  /** Whether Entra has known it for long. A new one may not have reached every replica when its roles are assigned. @default false */
  readonly existing?: boolean;
}

/** A principal that exists already. */
export class Principal implements IPrincipal {
  /**
   * An Entra group. The right way to give people access: membership changes without a deployment.
   * @param name what the group is called here, lower-case words with hyphens
   * @param objectId GUID of the group
   */
  public static group(name: string, objectId: string): Principal {
    checkPrincipal(name, objectId);
    return new Principal(`group-${name}`, objectId, PrincipalType.GROUP);
  }

  /** One person. Prefer a group. */
  public static user(name: string, objectId: string): Principal {
    checkPrincipal(name, objectId);
    return new Principal(`user-${name}`, objectId, PrincipalType.USER);
  }

  /** An application or managed identity by the object id of its service principal. */
  public static servicePrincipal(name: string, objectId: string): Principal {
    checkPrincipal(name, objectId);
    return new Principal(`sp-${name}`, objectId, PrincipalType.SERVICE_PRINCIPAL);
  }

  public readonly existing?: boolean = true;

  private constructor(
    public readonly principalName: string,
    public readonly principalId: string,
    public readonly principalType: PrincipalType,
  ) {}
}

function checkPrincipal(name: string, objectId: string): void {
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) {
    throw new ConfigurationError('Principal', {
      what: 'name of the principal is not valid',
      got: JSON.stringify(name),
      allowed: 'lower-case words, digits and single hyphens: it becomes part of addresses',
      fix: 'e.g. "risk-ml"',
    });
  }
  if (Token.isUnresolved(objectId) || GUID.test(objectId)) return;
  throw new ConfigurationError('Principal', {
    what: `object id of ${name} is not a GUID`,
    got: JSON.stringify(objectId),
    allowed: 'xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx',
    fix: 'copy the object id, not the name or client id, e.g. from `az ad group show --query id`',
  });
}
