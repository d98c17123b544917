import { environmentOfName, strictnessOfStack } from '../stage';
import { armKeyOfId, armKeyOfName, armKeysOfId } from './arm-id';
import { AttributeValue } from './attribute-value';
import { readPath } from './json';
import { providerDefault } from './provider-defaults';

/** What a reader of Terraform JSON or of a plan knows about one resource. */
export interface ResourceSource {
  /** Terraform type, e.g. "azurerm_key_vault"; "data.azurerm_subnet" for data; "terraform", "provider", "output" or "variable" for the rest. */
  readonly type: string;
  /** Logical id. */
  readonly name: string;
  readonly address: string;
  readonly attributes: { [key: string]: unknown };
  /** Path in the construct tree; the address where nothing tells. */
  readonly constructPath: string;
  /** TypeScript file and line, e.g. "stacks/foundation-stack.ts:31". @default - not known */
  readonly sourceLocation?: string;
  /** Top-level attributes that Terraform marks sensitive. @default - none */
  readonly sensitiveAttributes?: string[];
}

/** An acknowledgement as it travels in a stack's JSON. */
export interface AcknowledgementRecord {
  /** Construct path whose subtree it covers. */
  readonly path: string;
  readonly rule: string;
  readonly finding?: string;
  readonly reason: string;
  readonly owner: string;
  /** ISO date. */
  readonly expires: string;
  readonly ticket?: string;
}

/** What a reader of Terraform JSON or of a plan knows about one stack. */
export interface StackSource {
  readonly name: string;
  /** "synth" or "plan". */
  readonly origin: string;
  readonly resources: ResourceSource[];
  readonly acknowledgements: AcknowledgementRecord[];
  /** File it was read from, for reports. @default - none, it was read from memory */
  readonly file?: string;
  /** Addresses that several constructs or files write to, and what they write over. @default - none */
  readonly sharedAddresses?: string[];
}

/** What a platform team allows beyond what rules know by themselves. */
export interface AllowedPlaces {
  /** Locations in Azure that resources may stand in, e.g. "westeurope". @default - all */
  readonly locations?: string[];
  /** Hosts that images may come from besides those of RegistryHosts, e.g. "registry.acme.example". @default - none */
  readonly registries?: string[];
}

/** Attributes that hold secrets under harmless names. */
const SECRET_ATTRIBUTES: ReadonlyMap<string, readonly string[]> = new Map([
  ['azurerm_key_vault_secret', ['value']],
  ['helm_release', ['set_sensitive', 'set_wo', 'values']],
  ['kubernetes_secret', ['data', 'string_data', 'binary_data']],
  ['kubernetes_secret_v1', ['data', 'string_data', 'binary_data']],
]);
const NONE: readonly string[] = [];

/** One resource as Terraform will read it. */
export class ResourceModel {
  public readonly type: string;
  public readonly name: string;
  public readonly address: string;
  public readonly constructPath: string;
  public readonly sourceLocation?: string;
  public readonly attributes: { [key: string]: unknown };
  private readonly sensitive?: Set<string>;

  constructor(
    /** The stack it stands in. */
    public readonly stack: StackModel,
    source: ResourceSource,
  ) {
    this.type = source.type;
    this.name = source.name;
    this.address = source.address;
    this.constructPath = source.constructPath;
    this.sourceLocation = source.sourceLocation;
    this.attributes = source.attributes;
    const { sensitiveAttributes: marked = NONE } = source;
    const known = SECRET_ATTRIBUTES.get(source.type) ?? NONE;
    if (marked.length + known.length > 0) this.sensitive = new Set([...marked, ...known]);
  }

  /**
   * An attribute by its dotted path, e.g. "network_profile.network_policy". Missing means the default of the provider.
   */
  public value(path: string): AttributeValue {
    const raw = readPath(this.attributes, path);
    if (raw !== undefined && raw !== null && raw !== '')
      return new AttributeValue(path, raw, false, this.sensitive !== undefined && this.hides(path), this.address);
    const fallback = providerDefault(this.type, path);
    return new AttributeValue(path, fallback, fallback !== undefined, false, this.address);
  }

  private hides(path: string): boolean {
    return this.sensitive?.has(path.split('.', 1)[0] ?? path) ?? false;
  }

  /** The blocks or list items at a path. */
  public blocks(path: string): AttributeValue[] {
    return this.value(path).elements();
  }

  /** The first of some attributes that is stated: for names that changed between versions of the provider. */
  public firstOf(...paths: string[]): AttributeValue {
    const values = paths.map((path) => this.value(path));
    return (
      values.find((value) => !value.isMissing && !value.isDefault) ??
      values.find((value) => !value.isMissing) ??
      this.value(paths[0] ?? '')
    );
  }

  /** dev, staging or prod: how strict rules are with its stack. */
  public get strictness(): string {
    return this.stack.strictness;
  }

  /** ARM type without version, lower case, of an azapi resource; empty for others. */
  public get armType(): string {
    return this.type.startsWith('azapi_') || this.type.startsWith('data.azapi_')
      ? (this.value('type').text.split('@')[0] ?? '').toLowerCase()
      : '';
  }

  /**
   * "type/name" by which ARM ids point here, lower case; undefined where the name is not known.
   * @internal
   */
  public get _armKey(): string | undefined {
    const { id, name } = this.attributes;
    if (typeof id === 'string') return armKeyOfId(id);
    if (typeof name !== 'string' || name.includes('${')) return undefined;
    if (this.type !== 'azurerm_subnet') return armKeyOfName(this.type === 'azapi_resource' ? this.armType : this.type, name);
    const network = this.value('virtual_network_name');
    const parent = network.literal ?? network.references.map((address) => this.stack.find(address)?.attributes.name)[0];
    return typeof parent === 'string' ? armKeyOfName('azurerm_virtual_network', `${parent}/subnets/${name}`) : undefined;
  }
}

/** One stack: its resources by address and by type, and who refers to whom. */
export class StackModel {
  public readonly name: string;
  /** "synth" or "plan". */
  public readonly origin: string;
  public readonly file?: string;
  public readonly resources: ResourceModel[];
  public readonly acknowledgements: AcknowledgementRecord[];
  /** Addresses that several constructs or files write to. */
  public readonly sharedAddresses: string[];
  private readonly byAddress = new Map<string, ResourceModel>();
  private readonly byType = new Map<string, ResourceModel[]>();
  private armKeys?: Map<string, ResourceModel>;
  private readonly referrerIndexes = new Map<string, Map<string, ResourceModel[]>>();
  private stage?: string;
  private places: AllowedPlaces = {};
  private readonly byPrefix = new Map<string, ResourceModel[]>();
  /** Stacks of the same app, this one included. Set once all are read. */
  private neighbours: () => StackModel[] = () => [this];

  constructor(source: StackSource) {
    this.name = source.name;
    this.origin = source.origin;
    this.file = source.file;
    this.acknowledgements = source.acknowledgements;
    this.sharedAddresses = source.sharedAddresses ?? [];
    this.resources = [];
    this._add(source.resources);
  }

  /**
   * Takes in more resources, before the first rule looks: what a chart renders to is known after its release was read.
   * @internal
   */
  public _add(sources: ResourceSource[]): void {
    for (const source of sources) {
      const resource = new ResourceModel(this, source);
      this.resources.push(resource);
      this.byAddress.set(resource.address, resource);
      const same = this.byType.get(resource.type);
      if (same) same.push(resource);
      else this.byType.set(resource.type, [resource]);
    }
    this.armKeys = undefined;
    this.byPrefix.clear();
  }

  /**
   * Tells the stack which others belong to the same app; asked for when a rule looks beyond the stack.
   * @internal
   */
  public _joinApp(stacks: () => StackModel[]): void {
    this.neighbours = stacks;
  }

  /**
   * dev, staging or prod: how strict rules are with this stack.
   */
  public get strictness(): string {
    this.stage ??= strictnessOfStack(this);
    return this.stage;
  }

  /**
   * Settles the strictness, where more is known than tags and the stack's name say.
   * @internal
   */
  public _judgeAs(strictness: string, places: AllowedPlaces = {}): void {
    this.stage = strictness;
    this.places = places;
  }

  /** What the platform team allows. */
  public get allowed(): AllowedPlaces {
    return this.places;
  }

  /** All stacks of the app. */
  public get app(): StackModel[] {
    return this.neighbours();
  }

  /** A resource of this stack by its address. */
  public find(address: string): ResourceModel | undefined {
    return this.byAddress.get(address);
  }

  /** Resources of this stack of one type. */
  public ofType(type: string): ResourceModel[] {
    return this.byType.get(type) ?? [];
  }

  /** Resources that Terraform manages, without data, providers, outputs and variables. */
  public get managed(): ResourceModel[] {
    return this.managedOf('');
  }

  /**
   * Managed resources whose type begins so.
   * @param prefix e.g. "azurerm_"
   */
  public managedOf(prefix: string): ResourceModel[] {
    const known = this.byPrefix.get(prefix);
    if (known) return known;
    const found = this.resources.filter(({ type }) => type.startsWith(prefix) && type.includes('_') && !type.startsWith('data.'));
    this.byPrefix.set(prefix, found);
    return found;
  }

  /** Resources of all stacks of the app of one type. */
  public inApp(type: string): ResourceModel[] {
    return this.app.flatMap((stack) => stack.ofType(type));
  }

  /** Resources of one type in the stacks of this environment: what dev installs does nothing for prod. */
  public inEnvironment(type: string): ResourceModel[] {
    const own = environmentOfName(this.name);
    return this.app.flatMap((stack) => {
      const other = environmentOfName(stack.name);
      return own === other || own === undefined || other === undefined ? stack.ofType(type) : [];
    });
  }

  /** The resources that a value points to, by reference inside the stack or by ARM id across the app. Empty where it points outside. */
  public targetsOf(value: AttributeValue): ResourceModel[] {
    const referenced = value.references.flatMap((address) => this.find(address) ?? []);
    const known = value.strings.flatMap((id) => {
      const key = armKeyOfId(id);
      if (!key) return [];
      const found = this.byArmKey.get(key) ?? this.app.map((stack) => stack.byArmKey.get(key)).find((resource) => resource);
      return found ?? [];
    });
    return [...new Set([...referenced, ...known])];
  }

  /** Made when the first rule follows an id: of many stacks nobody asks. */
  private get byArmKey(): Map<string, ResourceModel> {
    if (!this.armKeys) {
      this.armKeys = new Map();
      for (const resource of this.resources) {
        const key = resource._armKey;
        if (key) this.armKeys.set(key, resource);
      }
    }
    return this.armKeys;
  }

  /** Resources of a type, in any stack of the app, whose attribute at `path` points to `target`. */
  public referrers(type: string, path: string, target: ResourceModel): ResourceModel[] {
    const found = new Set<ResourceModel>();
    for (const stack of this.app) {
      // Few stacks hold what is asked for, and this is asked thousands of times.
      if (!stack.byType.has(type)) continue;
      for (const resource of stack.ownReferrers(type, path, target)) found.add(resource);
    }
    return [...found];
  }

  private ownReferrers(type: string, path: string, target: ResourceModel): ResourceModel[] {
    const indexKey = `${type} ${path}`;
    let index = this.referrerIndexes.get(indexKey);
    if (!index) {
      index = new Map();
      for (const resource of this.ofType(type)) {
        for (const pointed of this.keysOf(resource, path)) {
          const list = index.get(pointed);
          if (list) list.push(resource);
          else index.set(pointed, [resource]);
        }
      }
      this.referrerIndexes.set(indexKey, index);
    }
    const armKey = target._armKey;
    return [
      ...(target.stack === this ? (index.get(target.address) ?? []) : []),
      ...(armKey === undefined ? [] : (index.get(armKey) ?? [])),
    ];
  }

  private keysOf(resource: ResourceModel, path: string): string[] {
    const values = path.includes('[]')
      ? resource.blocks(path.split('[].')[0] ?? '').map((block) => block.value(path.split('[].')[1] ?? ''))
      : [resource.value(path)];
    return values.flatMap((value) => [...value.references, ...value.strings.flatMap((id) => armKeysOfId(id))]);
  }
}
