import type { IKeyVault } from '../data';

/** An upstream whose images the registry fetches and keeps when they are first pulled. */
export interface CacheRule {
  /** 5-50 ASCII letters, digits and hyphens, unique in the registry. */
  readonly name: string;
  /** Upstream repository, e.g. "nvcr.io/nvidia/tritonserver" or "ghcr.io/kserve/*". */
  readonly source: string;
  /** Repository in this registry; ends in "*" where the source does. @default - the source without its host */
  readonly target?: string;
  /** How to sign in upstream. @default - without */
  readonly credentials?: CacheCredentials;
}

/** Where user name and password of an upstream are kept. */
export interface CacheCredentials {
  readonly keyVault: IKeyVault;
  /** Name of the secret that holds the user name. */
  readonly usernameSecret: string;
  /** Name of the secret that holds the password or token. */
  readonly passwordSecret: string;
}

/** A copy of the registry in another region. */
export interface RegistryReplica {
  /** ARM name of the region, not the environment's own. */
  readonly location: string;
  /** Whether it spreads over zones. @default - by profile */
  readonly zoneRedundant?: boolean;
}
