import { type TerraformMetaArguments, type TerraformResourceConfig, Token } from 'cdktf';
import { ConfigurationError } from '../core/configuration-error';
import type { AzapiChange, AzapiRequest } from './azapi-options';

/** What our thin layer binds to. Attribute names checked against the schema of 2.8.0. */
export const AZAPI = {
  providerName: 'azapi',
  source: 'Azure/azapi',
  version: '~> 2.8',
  constraint: '~> 2.8',
};

/** What cdktf asks of every element, from a type and the meta-arguments that the user gave. */
export function elementConfig(terraformResourceType: string, config: TerraformMetaArguments): TerraformResourceConfig {
  return {
    terraformResourceType,
    terraformGeneratorMetadata: {
      providerName: AZAPI.providerName,
      providerVersion: AZAPI.version,
      providerVersionConstraint: AZAPI.constraint,
    },
    provider: config.provider,
    dependsOn: config.dependsOn,
    count: config.count,
    lifecycle: config.lifecycle,
    forEach: config.forEach,
  };
}

/**
 * Refuses a type without an API version: azapi would say so only at apply.
 * @throws when it is not "<provider>/<type>@<date>"
 */
export function checkType(path: string, type: string): void {
  if (Token.isUnresolved(type) || /^[A-Za-z.]+(\/[A-Za-z]+)+@\d{4}-\d{2}-\d{2}(-preview)?$/.test(type)) return;
  throw new ConfigurationError(path, {
    what: 'type is not an ARM type with its API version',
    got: JSON.stringify(type),
    allowed: '<provider>/<type>@<yyyy-mm-dd>',
    fix: 'e.g. "Microsoft.MachineLearningServices/registries@2025-06-01"',
  });
}

/**
 * Refuses a body that was turned into a string: azapi 2 takes objects only.
 * @throws when the body is not an object
 */
export function checkBody(path: string, body: unknown): void {
  if (body === undefined || Token.isUnresolved(body) || (typeof body === 'object' && body !== null && !Array.isArray(body)))
    return;
  throw new ConfigurationError(path, {
    what: 'body is not an object',
    got: Array.isArray(body) ? 'a list' : typeof body,
    allowed: 'the request body as an object, e.g. { properties: { … } }',
    fix: 'pass the object itself, without JSON.stringify',
  });
}

/** Arguments that every element of azapi has. */
export function requestAttributes({ type, responseExportValues, retry }: AzapiRequest): { [name: string]: unknown } {
  return {
    type,
    response_export_values: responseExportValues,
    retry: retry && {
      error_message_regex: retry.errorMessageRegex,
      interval_seconds: retry.intervalSeconds,
      max_interval_seconds: retry.maxIntervalSeconds,
    },
  };
}

/** Arguments that every element has that changes something. */
export function changeAttributes(config: AzapiChange): { [name: string]: unknown } {
  return { ...requestAttributes(config), locks: config.locks, timeouts: config.timeouts };
}

/**
 * Keeps expressions of Azure ML, such as `${{inputs.data}}` in a job's command, from Terraform, which would read them as its own.
 */
export function withLiteralExpressions(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('${{', () => '$${{');
  if (Array.isArray(value)) return value.map(withLiteralExpressions);
  if (typeof value !== 'object' || value === null || Token.isUnresolved(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, withLiteralExpressions(child)]));
}
