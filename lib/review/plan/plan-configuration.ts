import { isObject } from '../../guardrails/model/json';

/** What refers to what, from the `configuration` of a plan. */
export class PlanConfiguration {
  /** For each resource address, without index: the resources that it refers to. */
  public readonly references = new Map<string, readonly string[]>();
  private readonly expressions = new Map<string, Record<string, unknown>>();

  constructor(configuration: unknown) {
    const open: { module: unknown; prefix: string }[] = [
      { module: isObject(configuration) ? configuration.root_module : undefined, prefix: '' },
    ];
    for (let next = open.pop(); next; next = open.pop()) {
      const { module, prefix } = next;
      if (!isObject(module)) continue;
      for (const resource of Array.isArray(module.resources) ? module.resources : []) {
        if (!isObject(resource) || typeof resource.address !== 'string') continue;
        const address = prefix + resource.address;
        const stated = isObject(resource.expressions) ? resource.expressions : {};
        this.expressions.set(address, stated);
        const depends = Array.isArray(resource.depends_on) ? resource.depends_on.filter(isText) : [];
        const found = [...referencesIn(stated), ...depends].map((reference) => resourceOf(prefix + reference, prefix));
        this.references.set(address, [...new Set(found.filter((one): one is string => one !== undefined && one !== address))]);
      }
      for (const [name, call] of Object.entries(isObject(module.module_calls) ? module.module_calls : {})) {
        if (isObject(call)) open.push({ module: call.module, prefix: `${prefix}module.${name}.` });
      }
    }
  }

  /** What the attribute at a path refers to. */
  public referencesAt(address: string, path: (string | number)[]): string[] {
    const prefix = /^((?:module\.[^.]+\.)*)/.exec(address)?.[1] ?? '';
    let current: unknown = this.expressions.get(address);
    for (const step of path) {
      if (isObject(current) && 'references' in current) break;
      if (Array.isArray(current)) current = typeof step === 'number' ? (current[step] ?? current[0]) : current[0];
      else if (isObject(current) && typeof step === 'string') current = current[step];
    }
    const found = referencesIn(current).flatMap((reference) => resourceOf(prefix + reference, prefix) ?? []);
    return [...new Set(found)];
  }
}

function referencesIn(root: unknown): string[] {
  const found: string[] = [];
  const open = [root];
  while (open.length > 0) {
    const current = open.pop();
    if (Array.isArray(current)) open.push(...current);
    else if (isObject(current)) {
      for (const [key, child] of Object.entries(current)) {
        if (key === 'references' && Array.isArray(child)) found.push(...child.filter(isText));
        else if (key !== 'constant_value') open.push(child);
      }
    }
  }
  return found;
}

/** "azurerm_subnet.nodes" of "azurerm_subnet.nodes.id"; undefined for variables, locals and the like. */
function resourceOf(reference: string, prefix: string): string | undefined {
  const own = reference.slice(prefix.length);
  const match = /^((?:data\.)?[a-z][a-z0-9]*_[a-z0-9_]+\.[\w-]+)/.exec(own);
  return match ? prefix + match[1] : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
