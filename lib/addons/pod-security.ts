/** Levels of the Kubernetes pod security standards. @see https://kubernetes.io/docs/concepts/security/pod-security-standards/ */
export enum PodSecurity {
  RESTRICTED = 'restricted',
  BASELINE = 'baseline',
  /** No limits: for what changes the nodes themselves, as drivers do. */
  PRIVILEGED = 'privileged',
}
