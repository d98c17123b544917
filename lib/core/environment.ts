import { Token } from 'cdktf';
import type { IConstruct } from 'constructs';
import { ConfigurationError } from './configuration-error';
import { EnvironmentProfile } from './environment-profile';
import { Naming } from './naming';
import { nearest } from './nearest';
import { checkOwnership, type Ownership } from './ownership';
import regions from './regions.json';
import type { Stage } from './stage';

const ENVIRONMENT = Symbol.for('cdktf-ml-platform/Environment');
const REGIONS: Readonly<Record<string, string>> = regions.regions;
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What surrounds all constructs of one environment. */
export interface EnvironmentProps {
  /** The platform, 3-20 lower-case letters, digits and single hyphens, letter first, e.g. "contoso-ml". Part of every name. */
  readonly project: string;
  readonly stage: Stage;
  /** Azure region by its ARM name, e.g. "westeurope". */
  readonly location: string;
  /** GUID of the subscription that holds the environment. */
  readonly subscriptionId: string;
  /** GUID of the Entra tenant. */
  readonly tenantId: string;
  /** Who answers and pays for it. */
  readonly owner: Ownership;
  /** @default - the profile of the stage */
  readonly profile?: EnvironmentProfile;
  /** Tags beside the ones made from owner, stage and project. @default - none */
  readonly tags?: { [key: string]: string };
}

/** A name with the tags that belong to it. */
export interface NamedResource {
  readonly name: string;
  /** The environment's tags, and `full-name` where the name had to be shortened. */
  readonly tags: { [key: string]: string };
}

/**
 * One environment of the platform: its stage, names, tags, owner and profile. Attached to a stack or app once; constructs ask
 * `Environment.of(this)`.
 */
export class Environment {
  /**
   * The environment that surrounds a construct.
   * @throws when none is attached to it or to a scope above it
   */
  public static of(construct: IConstruct): Environment {
    for (const scope of [...construct.node.scopes].reverse()) {
      const found = (scope as { [ENVIRONMENT]?: Environment })[ENVIRONMENT];
      if (found) return found;
    }
    throw new ConfigurationError(construct.node.path, {
      what: 'no environment surrounds this construct',
      allowed: 'an Environment attached to its stack or app',
      fix: 'call new Environment({ ... }).attach(stack) before building constructs in the stack',
    });
  }

  public readonly project: string;
  public readonly stage: Stage;
  public readonly location: string;
  /** Short form of the location, as it appears in names, e.g. "euw". */
  public readonly region: string;
  public readonly subscriptionId: string;
  public readonly tenantId: string;
  public readonly owner: Ownership;
  public readonly profile: EnvironmentProfile;
  public readonly naming: Naming;
  /** Tags of every resource: who owns it, who pays, what it may hold, where it belongs. */
  public readonly tags: { [key: string]: string };

  constructor(props: EnvironmentProps) {
    const path = `Environment ${props.project}/${props.stage.name}`;
    checkOwnership(path, props.owner);
    this.region = regionOf(path, props.location);
    checkGuid(path, 'subscriptionId', props.subscriptionId);
    checkGuid(path, 'tenantId', props.tenantId);
    this.project = props.project;
    this.stage = props.stage;
    this.location = props.location;
    this.subscriptionId = props.subscriptionId;
    this.tenantId = props.tenantId;
    this.owner = props.owner;
    this.profile = props.profile ?? EnvironmentProfile.of(props.stage);
    this.naming = new Naming({
      project: props.project,
      stage: props.stage.name,
      region: this.region,
      salt: props.subscriptionId,
    });
    this.tags = {
      ...props.tags,
      project: props.project,
      environment: props.stage.name,
      owner: props.owner.team,
      'owner-contact': props.owner.contact,
      'cost-center': props.owner.costCenter,
      'data-classification': props.owner.dataClassification,
      'managed-by': 'cdktf-ml-platform',
    };
  }

  /** What people call it, e.g. "contoso-ml-prod". */
  public get environmentName(): string {
    return `${this.project}-${this.stage.name}`;
  }

  /** Makes this the environment of everything below `scope`. */
  public attach(scope: IConstruct): void {
    Object.defineProperty(scope, ENVIRONMENT, { value: this, enumerable: false, configurable: false });
  }

  /**
   * Names a resource and checks the name against what Azure accepts.
   * @param scope the construct to blame in an error
   * @param type Terraform or ARM type, e.g. "azurerm_key_vault"
   * @param purpose what tells two resources of one type apart
   * @param given a name of the user's own; wins
   * @throws when Azure would refuse the name
   */
  public name(scope: IConstruct, type: string, purpose?: string, given?: string): NamedResource {
    const name = given ?? this.naming.name(type, purpose);
    Naming.check(scope.node.path, type, name);
    const full = this.naming.full(type, purpose);
    const shortened =
      given === undefined && !name.startsWith(full) && name.replaceAll('-', '').slice(0, -4) !== full.replaceAll('-', '');
    return { name, tags: shortened ? { ...this.tags, 'full-name': full } : this.tags };
  }

  /** ARM id of a resource group of this subscription. */
  public resourceGroupId(resourceGroupName: string): string {
    return `/subscriptions/${this.subscriptionId}/resourceGroups/${resourceGroupName}`;
  }
}

function regionOf(path: string, location: string): string {
  const region = REGIONS[location];
  if (region) return region;
  throw new ConfigurationError(path, {
    what: 'location is not an Azure region',
    got: JSON.stringify(location),
    allowed: `ARM names such as ${nearest(location, Object.keys(REGIONS)).join(', ')}`,
    fix: 'use the name without spaces, as in `az account list-locations --query "[].name"`',
  });
}

function checkGuid(path: string, field: string, value: string): void {
  if (Token.isUnresolved(value) || GUID.test(value)) return;
  throw new ConfigurationError(path, {
    what: `${field} is not a GUID`,
    got: JSON.stringify(value),
    allowed: 'xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx',
    fix: 'copy it from `az account show`',
  });
}
