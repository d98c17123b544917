/** Repeats a request that Azure refuses for now, e.g. while a role assignment spreads. */
export interface AzapiRetry {
  /** Error messages worth another try, as regular expressions. */
  readonly errorMessageRegex: string[];
  /** Seconds before the first repetition. @default 10 */
  readonly intervalSeconds?: number;
  /** Most seconds between two tries. @default 180 */
  readonly maxIntervalSeconds?: number;
}

/** How long an operation may take, as Terraform writes durations, e.g. "30m". */
export interface AzapiTimeouts {
  readonly create?: string;
  readonly read?: string;
  readonly update?: string;
  readonly delete?: string;
}
