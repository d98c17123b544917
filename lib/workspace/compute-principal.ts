import { type IManagedIdentity, type IPrincipal, PrincipalType } from '../identity';

/** Who a resource acts as: the identity given, or its own. */
export function principalOf(name: string, given: IManagedIdentity | undefined, ownPrincipalId: string): IPrincipal {
  if (given) return given;
  return { principalName: name, principalId: ownPrincipalId, principalType: PrincipalType.SERVICE_PRINCIPAL };
}
