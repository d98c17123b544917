import type { TerraformMetaArguments } from 'cdktf';

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

/** What every request to Azure Resource Manager has. */
export interface AzapiRequest extends TerraformMetaArguments {
  /** ARM type with API version, e.g. "Microsoft.MachineLearningServices/registries@2025-06-01". */
  readonly type: string;
  /** Paths of the response to keep as `output`, e.g. ["properties.scoringUri"]. @default - none */
  readonly responseExportValues?: string[];
  /** @default - not repeated */
  readonly retry?: AzapiRetry;
}

/** What every request has that changes something. */
export interface AzapiChange extends AzapiRequest {
  /** ARM ids locked while this one changes. @default - none */
  readonly locks?: string[];
  /** @default - those of azapi */
  readonly timeouts?: AzapiTimeouts;
}
