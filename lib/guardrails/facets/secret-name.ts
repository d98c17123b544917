import { AttributeValue } from '../model/attribute-value';
import type { ResourceModel } from '../model/stack-model';

/** Whether something of this name holds a credential, e.g. "adminPassword" or "api_key". References to one, as "secretName", do not. */
export function isSecretName(name: string): boolean {
  const last = name.split('.').at(-1) ?? name;
  if (
    /(name|ref|reference|id|path|file|type|policy|rotation|provider|enabled|audience|ttl|expiry|expiration|mount)s?$/i.test(last)
  )
    return false;
  // These name a Kubernetes secret: kube-prometheus-stack has configSecret, Azure ML's extension sslSecret.
  if (/^(existing|use|generate|create|automount)|^(config|ssl)Secret$/i.test(last)) return false;
  return /passw(or)?d|client[-_]?secret|secret[-_]?(key|access|value|string)|(api|access|account|private|shared|encryption)[-_]?key|(^|[-_])(secret|token|sas)$|[a-z]Token$|[a-z]Secret$|connection[-_]?string/i.test(
    last,
  );
}

/** Secret-looking scalars in the values of a chart, JSON or YAML, as paths or keys. */
export function secretsInValues(text: string): string[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text) as unknown;
  } catch {
    return secretsInYaml(text);
  }
  const found: string[] = [];
  const open: [string, unknown][] = [['', parsed]];
  for (let next = open.pop(); next; next = open.pop()) {
    const [path, value] = next;
    if (typeof value !== 'object' || value === null) continue;
    // An ExternalSecret names the key that it fills: `secretKey` beside `remoteRef` is no secret.
    const named = 'remoteRef' in value ? 'secretKey' : undefined;
    for (const [key, child] of Object.entries(value)) {
      if (key === named) continue;
      const holds = typeof child === 'string' && isSecretKey(key) && !isPlainSetting(child) && !child.includes('${');
      if (typeof child === 'object' || holds) {
        const childPath = path ? `${path}.${key}` : key;
        if (holds) found.push(childPath);
        else open.push([childPath, child]);
      }
    }
  }
  return found.sort();
}

function secretsInYaml(text: string): string[] {
  return text.split('\n').flatMap((line) => {
    const match = /^[\s-]*["']?([\w.-]+)["']?\s*:\s*["']?([^\s"'#{}[\]|>][^\n]*)$/.exec(line);
    const [, key = '', value = ''] = match ?? [];
    return !isPlainSetting(value.trim().replace(/["']$/, '')) && !value.includes('${') && isSecretName(key) ? [key] : [];
  });
}

/** Switches and numbers: charts and drivers want some of them as strings. */
function isPlainSetting(value: string): boolean {
  return /^(|true|false|null|~|\d+)$/.test(value);
}

const NAMES = new Map<string, boolean>();

/** The same, remembered: attribute names are few, and asked for every resource. */
function isSecretKey(key: string): boolean {
  let secret = NAMES.get(key);
  if (secret === undefined) {
    secret = isSecretName(key);
    if (NAMES.size < 5_000) NAMES.set(key, secret);
  }
  return secret;
}

/** The texts in a resource whose names say secret, e.g. that of "ssh.admin_password"; masked. */
export function secretsIn(resource: ResourceModel): AttributeValue[] {
  const found: AttributeValue[] = [];
  const open: Place[] = [{ path: '', value: resource.attributes }];
  for (let next = open.pop(); next; next = open.pop()) collectSecrets(next, resource.address, found, open);
  return found;
}

interface Place {
  readonly path: string;
  readonly value: object;
}

/** Paths are written only where they are needed: this looks at every attribute there is. */
function collectSecrets({ path, value }: Place, address: string, found: AttributeValue[], open: Place[]): void {
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) {
      const item: unknown = value[index];
      if (typeof item === 'object' && item !== null) open.push({ path: `${path}[${index}]`, value: item });
    }
    return;
  }
  const members = value as Record<string, unknown>;
  for (const key in members) {
    const child = members[key];
    if (typeof child === 'string') {
      if (child === '' || !isSecretKey(key) || key === '//' || key === 'tags') continue;
      found.push(new AttributeValue(path === '' ? key : `${path}.${key}`, child, false, true, address));
    } else if (typeof child === 'object' && child !== null && key !== '//' && key !== 'tags') {
      open.push({ path: path === '' ? key : `${path}.${key}`, value: child });
    }
  }
}
