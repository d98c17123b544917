import { isObject } from '../../guardrails/model/json';

/** What refers to what, from the `configuration` of a plan. */
export class PlanConfiguration {
  private readonly found = new Map<string, readonly string[]>();
  private readonly expressions = new Map<string, Record<string, unknown>>();
  private isRead = false;

  constructor(private readonly configuration: unknown) {}

  /** For each resource address, without index: the resources that it refers to. */
  public get references(): ReadonlyMap<string, readonly string[]> {
    this.read();
    return this.found;
  }

  /** When it is first asked for: not every look at a plan needs it. */
  private read(): void {
    if (this.isRead) return;
    this.isRead = true;
    const { configuration } = this;
    const open: { module: unknown; prefix: string }[] = [
      { module: isObject(configuration) ? configuration.root_module : undefined, prefix: '' },
    ];
    for (let next = open.pop(); next; next = open.pop()) {
      const { module, prefix } = next;
      if (!isObject(module)) continue;
      for (const resource of Array.isArray(module.resources) ? module.resources : []) {
        if (isObject(resource) && typeof resource.address === 'string') this.add(prefix + resource.address, resource, prefix);
      }
      for (const [name, call] of Object.entries(isObject(module.module_calls) ? module.module_calls : {})) {
        if (isObject(call)) open.push({ module: call.module, prefix: `${prefix}module.${name}.` });
      }
    }
  }

  private add(address: string, resource: Record<string, unknown>, prefix: string): void {
    const stated = isObject(resource.expressions) ? resource.expressions : {};
    this.expressions.set(address, stated);
    const depends = Array.isArray(resource.depends_on) ? resource.depends_on.filter(isText) : [];
    const found: string[] = [];
    for (const reference of referencesIn(stated, depends)) {
      // Terraform lists the resource itself after each of its attributes.
      if (found.length > 0 && found[found.length - 1] === prefix + reference) continue;
      const target = resourceOf(prefix + reference, prefix);
      if (target !== undefined && target !== address && !found.includes(target)) found.push(target);
    }
    this.found.set(address, found.length === 0 ? NONE : found);
  }

  /** What the attribute at a path refers to. */
  public referencesAt(address: string, path: (string | number)[]): string[] {
    this.read();
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

const NONE: readonly string[] = [];

function referencesIn(root: unknown, found: string[] = []): string[] {
  const open: object[] = typeof root === 'object' && root !== null ? [root] : [];
  for (let current = open.pop(); current !== undefined; current = open.pop()) collectReferences(current, found, open);
  return found;
}

function collectReferences(current: object, found: string[], open: object[]): void {
  if (Array.isArray(current)) {
    for (const item of current) if (typeof item === 'object' && item !== null) open.push(item as object);
    return;
  }
  const members = current as Record<string, unknown>;
  for (const key in members) {
    const child = members[key];
    if (typeof child !== 'object' || child === null || key === 'constant_value') continue;
    if (key === 'references' && Array.isArray(child)) {
      for (const reference of child as unknown[]) if (typeof reference === 'string') found.push(reference);
    } else open.push(child);
  }
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
