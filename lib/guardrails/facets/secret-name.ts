/** Whether something of this name holds a credential, e.g. "adminPassword" or "api_key". References to one, as "secretName", do not. */
export function isSecretName(name: string): boolean {
  const last = name.split('.').at(-1) ?? name;
  if (
    /(name|ref|reference|id|path|file|type|policy|rotation|provider|enabled|audience|ttl|expiry|expiration|mount)s?$/i.test(last)
  )
    return false;
  if (/^(existing|use|generate|create|automount)/i.test(last)) return false;
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
    if (typeof value === 'object' && value !== null) {
      for (const [key, child] of Object.entries(value)) open.push([path ? `${path}.${key}` : key, child]);
    } else if (typeof value === 'string' && !isPlainSetting(value) && !value.includes('${') && isSecretName(path))
      found.push(path);
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
