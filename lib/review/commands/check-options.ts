export const CHECK_FORMATS = ['table', 'json', 'sarif', 'junit', 'github'] as const;
export type CheckFormat = (typeof CHECK_FORMATS)[number];
/** Bars of --fail-on, lowest first. */
export const FAIL_ON = ['never', 'error', 'warning', 'note', 'unresolved'];

export interface CheckOptions {
  readonly format: CheckFormat;
  /** Name of a pack, or a file that exports one. */
  readonly pack: string;
  readonly failOn: string;
  /** Ids of the only rules to run. @default - all of the pack */
  readonly rule?: string[];
  readonly stage?: string;
  readonly strict?: boolean;
  /** Reports of other scanners, each as "checkov=FILE" or "trivy=FILE". */
  readonly import?: string[];
  /** Rendered charts, each a file or folder, or RELEASE=FILE. */
  readonly manifests?: string[];
  /** Locations that resources may stand in. @default - all */
  readonly allowLocations?: string[];
  /** Hosts that images may come from, besides those rules know. */
  readonly allowRegistries?: string[];
  readonly today: string;
}
