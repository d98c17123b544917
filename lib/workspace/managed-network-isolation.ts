/** Where compute in the workspace's managed network may connect to. */
export enum ManagedNetworkIsolation {
  /** Anywhere; private resources through private endpoints. Can become ALLOW_ONLY_APPROVED_OUTBOUND later. */
  ALLOW_INTERNET_OUTBOUND = 'AllowInternetOutbound',
  /** Only where an outbound rule leads. There is no way back to ALLOW_INTERNET_OUTBOUND. */
  ALLOW_ONLY_APPROVED_OUTBOUND = 'AllowOnlyApprovedOutbound',
  /** No managed network: compute lives in subnets of the customer. Once on, a managed network cannot be turned off. */
  DISABLED = 'Disabled',
}
