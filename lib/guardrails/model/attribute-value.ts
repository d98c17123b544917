import { addressesIn, deepSome, isExpression, isObject, readPath } from './json';

const PURE_REFERENCE =
  /^\$\{(?:data\.)?[a-z][a-z0-9]*_[a-z0-9_]+\.[A-Za-z_][\w-]*(?:\[[^\]]*\])?\.[a-z]\w*(?:\[[^\]]*\]|\.\w+)*\}$/;
const SECRET_NAME =
  /passw(?:or)?d|secret(?!s_provider|_name|_rotation|_ref|s_store|_id)|token(?!_mount|_audience)|(?:^|[._])sas(?:$|_)|(?:account|access|api|private|shared|instrumentation)_key$|connection_string|(?:^|\.)credentials(?:$|\.)|kube_config|kube_admin_config|client_certificate$|_wo$|sensitive_body/i;

/** What one attribute of a resource will be, as far as the JSON tells. */
export class AttributeValue {
  constructor(
    /** Where it stands, e.g. "network_rules.default_action". */
    public readonly path: string,
    private readonly raw: unknown,
    /** Whether the resource leaves it out and the provider's default stands in. */
    public readonly isDefault: boolean = false,
    private readonly isSensitive: boolean = false,
    /** Address of the resource it stands in. */
    public readonly address: string = '',
  ) {}

  /** Neither stated nor given by a default of the provider. */
  public get isMissing(): boolean {
    return this.raw === undefined || this.raw === null || this.raw === '';
  }

  /** Known at apply only: an expression, or "known after apply" in a plan. */
  public get isUnresolved(): boolean {
    return isExpression(this.raw);
  }

  /** Nothing but a reference to an attribute of another resource: set for sure, its value known at apply. */
  public get isReference(): boolean {
    return typeof this.raw === 'string' && this.raw.startsWith('${') && PURE_REFERENCE.test(this.raw);
  }

  /** Whether it, or anything inside it, is known at apply only. */
  public get holdsUnresolved(): boolean {
    return deepSome(this.raw, isExpression);
  }

  /** The value; undefined where it is missing or unresolved. */
  public get literal(): unknown {
    const { raw } = this;
    return raw === undefined || raw === null || raw === '' || isExpression(raw) ? undefined : raw;
  }

  /** The value or expression as it stands. */
  public get text(): string {
    return typeof this.raw === 'string' ? this.raw : '';
  }

  /** The value as a number; undefined where it is none. */
  public get number(): number | undefined {
    if (typeof this.raw === 'number') return this.raw;
    return typeof this.raw === 'string' && /^-?\d+(\.\d+)?$/.test(this.raw) ? Number(this.raw) : undefined;
  }

  /** The strings of a list; empty where there is none. A single string is a list of one. */
  public get strings(): string[] {
    if (Array.isArray(this.raw)) return this.raw.filter((item): item is string => typeof item === 'string');
    return typeof this.raw === 'string' && this.raw !== '' ? [this.raw] : [];
  }

  /** Number of blocks or list items. */
  public get length(): number {
    return this.elements().length;
  }

  /** Names of the members of a map or block. */
  public get keys(): string[] {
    const body = Array.isArray(this.raw) && this.raw.length === 1 ? this.raw[0] : this.raw;
    return isObject(body) ? Object.keys(body).filter((key) => key !== '//') : [];
  }

  /** What to show a reader; secrets are masked. */
  public get seen(): string {
    if (this.isMissing) return 'not set';
    if (this.isUnresolved) return 'known at apply only';
    // A switch is no secret, whatever it is called.
    const hides = typeof this.raw !== 'boolean' && (this.isSensitive || SECRET_NAME.test(this.path));
    if (hides) return '(sensitive)';
    const text = typeof this.raw === 'object' ? JSON.stringify(this.raw, maskSecrets) : String(this.raw);
    const short = text.length > 80 ? `${text.slice(0, 77)}...` : text;
    return this.isDefault ? `${short} (provider default)` : short;
  }

  /** Addresses that it reads, e.g. "azurerm_subnet.Nodes". */
  public get references(): string[] {
    if (typeof this.raw === 'string') return addressesIn(this.raw);
    const found: string[] = [];
    deepSome(this.raw, (leaf) => {
      if (typeof leaf === 'string') found.push(...addressesIn(leaf));
      return false;
    });
    return [...new Set(found)];
  }

  /** The blocks or list items, one value each; a single block counts as one. */
  public elements(): AttributeValue[] {
    if (this.isMissing || this.isUnresolved) return [];
    if (!Array.isArray(this.raw)) return [this];
    return this.raw.map(
      (item, index) => new AttributeValue(`${this.path}[${index}]`, item, this.isDefault, this.isSensitive, this.address),
    );
  }

  /** Members of a map or block, or items of a list; empty for a scalar. */
  public children(): AttributeValue[] {
    if (Array.isArray(this.raw)) return this.elements();
    if (!isObject(this.raw)) return [];
    return Object.entries(this.raw).map(
      ([key, child]) => new AttributeValue(`${this.path}.${key}`, child, this.isDefault, this.isSensitive, this.address),
    );
  }

  /** The value at a path below this one, e.g. "container.image". */
  public value(path: string): AttributeValue {
    return new AttributeValue(`${this.path}.${path}`, readPath(this.raw, path), this.isDefault, this.isSensitive, this.address);
  }
}

function maskSecrets(this: unknown, key: string, value: unknown): unknown {
  return typeof value !== 'object' && key !== '' && SECRET_NAME.test(key) ? '(sensitive)' : value;
}
