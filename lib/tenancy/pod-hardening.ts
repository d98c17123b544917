/** Security context of a pod that every namespace of ours takes, "restricted" ones too. */
export const HARDENED_POD: { readonly [field: string]: unknown } = {
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
};

/** Security context of a container that every namespace of ours takes. */
export const HARDENED_CONTAINER: { readonly [field: string]: unknown } = {
  allowPrivilegeEscalation: false,
  privileged: false,
  capabilities: { drop: ['ALL'] },
};
