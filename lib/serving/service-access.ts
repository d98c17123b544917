import { ConfigurationError } from '../core/configuration-error';

export interface EntraAccessOptions {
  /** What the tokens must be issued for: application id URIs or client ids. @default - the audiences of the platform's gateway */
  readonly audiences?: string[];
  /** Application roles of which a caller must have one, e.g. ["Models.Invoke"]. @default - any caller of the Entra tenant with a token for the audience */
  readonly roles?: string[];
}

/** Who may call a service. */
export class ServiceAccess {
  /** Callers with a token of the platform's Entra tenant, checked at the gateway. */
  public static entra(options: EntraAccessOptions = {}): ServiceAccess {
    return new ServiceAccess('entra', options);
  }

  /** Pods of the tenant alone; there is no route. */
  public static clusterOnly(): ServiceAccess {
    return new ServiceAccess('cluster', {});
  }

  /**
   * Everybody who reaches the gateway, without a token. Written into the route as an annotation, for reviewers.
   * @param reason why that is right, in a sentence
   * @throws when the reason says nothing
   */
  public static anonymous(reason: string): ServiceAccess {
    if (reason.trim().length < 20) {
      throw new ConfigurationError('ServiceAccess.anonymous', {
        what: 'anonymous access needs a reason',
        got: JSON.stringify(reason),
        allowed: 'a sentence of 20 characters or more, for those who review it',
        fix: 'say why no caller has a token, or use ServiceAccess.entra()',
      });
    }
    return new ServiceAccess('anonymous', {}, reason.trim());
  }

  private constructor(
    /** "entra", "cluster" or "anonymous". */
    public readonly kind: string,
    public readonly options: EntraAccessOptions,
    /** Why it is anonymous. */
    public readonly reason?: string,
  ) {}
}
