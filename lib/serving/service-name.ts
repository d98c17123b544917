import { ConfigurationError } from '../core/configuration-error';

/** Refuses names that do not fit behind what KServe and rollouts append to them. */
export function checkServiceName(path: string, name: string): void {
  if (/^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$/.test(name)) return;
  throw new ConfigurationError(path, {
    what: 'serviceName is not valid',
    got: JSON.stringify(name),
    allowed: '1-40 lower-case letters, digits and hyphens, letter first',
    fix: 'shorten it: the version and "-predictor" are appended, and the whole must fit a DNS label',
  });
}

/** "FraudV2" as "fraud-v2". */
export function kebab(id: string): string {
  return id
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .toLowerCase();
}
