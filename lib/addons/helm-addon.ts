import { Release } from '@cdktf/provider-helm/lib/release';
import { Annotations, dependable, type ITerraformDependable, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { ClusterAccess, type IMlPlatform } from '../contract';
import { ConfigurationError } from '../core/configuration-error';
import { MOST_RELEASE_BYTES, storedBytes } from '../manifests/release-size';
import { ADD_ONS, type AddonRelations } from './addon-catalogue';
import { AddonChecks } from './addon-checks';
import { AddonNamespace } from './addon-namespace';
import { redirectedImages, unknownKeys, wrongTypes } from './chart-values';
import sizes from './data/release-sizes.json';
import type { HelmChart } from './helm-chart';
import type { PodSecurity } from './pod-security';
import { mergeValues, overruled, renderValues, type Values } from './values';
import { WebhookProbe, type WebhookProbeTarget } from './webhook-probe';

/** What the user of any add-on decides. */
export interface AddonProps {
  readonly platform: IMlPlatform;
  /** @default - the namespace that the add-on's documentation uses; for `HelmAddon` itself its name */
  readonly namespace?: string;
  /** Values of the chart beside the typed props; they win, but where safety or other add-ons depend on ours. @default - none */
  readonly values?: { [key: string]: unknown };
  /** Another version of the chart than the pinned one. @default - lib/addons/data/chart-versions.json */
  readonly chartVersion?: string;
  /** Add-ons of this stack to install first, beside the ones that must be. @default - none */
  readonly dependsOn?: HelmAddon[];
  /** Names of add-ons that this one needs and that are installed elsewhere, e.g. ["cert-manager"]. @default - none */
  readonly providedElsewhere?: string[];
  /**
   * Pulls images through the platform's registry: quay.io/a/b from <registry>/quay.io/a/b, as cache rules with the upstream's
   * host in their path serve them.
   * @default false
   */
  readonly privateImages?: boolean;
}

/** One Helm release of an add-on. */
export interface AddonRelease {
  /** Construct id; "Default" for the one that the add-on is about. */
  readonly id: string;
  readonly releaseName: string;
  readonly chart: HelmChart;
  /** Our choices; the user's values win over them. @default - none */
  readonly values?: { [key: string]: unknown };
  /** What the user's values cannot change. @default - none */
  readonly fixedValues?: { [key: string]: unknown };
  /** @default - none */
  readonly userValues?: { [key: string]: unknown };
  /** Seconds until Helm gives up waiting. @default 600 */
  readonly timeoutSeconds?: number;
  /** Waits for jobs of the chart too. @default true */
  readonly waitForJobs?: boolean;
  /** Leaves out the CRDs of the chart's crds/ folder. @default false */
  readonly skipCrds?: boolean;
  /** Takes over objects that another release has. @default false */
  readonly takeOwnership?: boolean;
  /** Skips the check of the rendered objects against the cluster's API, for charts whose hooks upgrade CRDs. @default false */
  readonly disableOpenapiValidation?: boolean;
  /** What the webhooks of the release must answer for before anything comes next. @default - the release's own word that it is up */
  readonly webhookProbe?: WebhookProbeTarget;
}

export interface HelmAddonProps extends AddonProps {
  /** Lower-case words with hyphens, e.g. "gpu-operator": the name that other add-ons require or exclude it by. */
  readonly addonName: string;
  readonly podSecurity: PodSecurity;
  /** In the order of their installation. */
  readonly releases: AddonRelease[];
  /** Names of add-ons that must stand first, beside the ones that the library knows of. @default - none */
  readonly requires?: string[];
  /** Names of add-ons of which one must stand first, instead of the ones that the library knows of. @default - those */
  readonly requiresOneOf?: string[];
  /** Names of add-ons that must not be there, with the reason, beside the ones that the library knows of. @default - none */
  readonly conflictsWith?: { [addonName: string]: string };
}

/** Bytes that Helm stores of a chart with its own values, where that is known to be much. */
const CHART_BYTES: { readonly [chart: string]: number } = sizes.bytes;

/**
 * Controllers or operators in the cluster, as Helm releases in a namespace of their own. The base of all add-ons; use it as it
 * is for a chart that the library does not know.
 */
export class HelmAddon extends Construct {
  /** The name that other add-ons require or exclude it by. */
  public readonly addonName: string;
  public readonly namespace: string;
  private readonly first: Release;
  private last: ITerraformDependable;
  private readonly followers: HelmAddon[] = [];
  private readonly relations: AddonRelations;

  constructor(scope: Construct, id: string, props: HelmAddonProps) {
    super(scope, id);
    this.addonName = props.addonName;
    this.namespace = props.namespace ?? props.addonName;
    this.relations = relationsOf(props);
    ClusterAccess.of(this, props.platform);
    const registry = props.privateImages ? props.platform.attributes.registry.loginServer : undefined;
    const namespace = AddonNamespace.of(this, this.namespace, props.podSecurity);
    let previous: ITerraformDependable = namespace.dependable;
    let first: Release | undefined;
    for (const release of props.releases) {
      const made = this.release(release, previous, registry);
      first ??= made;
      previous = release.webhookProbe
        ? new WebhookProbe(this, `${release.id === 'Default' ? '' : release.id}Probe`, {
            ...release.webhookProbe,
            namespace: this.namespace,
            revision: release.chart.version,
            registry,
            dependsOn: made,
          }).dependable
        : made;
    }
    if (!first) {
      throw new ConfigurationError(this.node.path, {
        what: 'add-on installs nothing',
        got: 'no releases',
        allowed: 'at least one release',
        fix: 'state the chart in releases',
      });
    }
    this.first = first;
    this.last = previous;
    for (const addon of props.dependsOn ?? []) this.installAfter(addon);
    this.order();
    AddonChecks.of(this, props.platform).register(this, props.providedElsewhere ?? []);
  }

  /** What is made last of it, for the `dependsOn` of what needs the add-on. */
  public get dependable(): ITerraformDependable {
    return this.last;
  }

  /** What the add-on has to do with others. @internal */
  public get _relations(): AddonRelations {
    return this.relations;
  }

  /** Installs this add-on after another of the same stack. */
  public installAfter(addon: HelmAddon): void {
    addon.followers.push(this);
    this.waitFor(addon.dependable);
  }

  /** Says that something beside other add-ons must stand before it. */
  protected startAfter(dependable: ITerraformDependable): void {
    this.waitFor(dependable);
  }

  /** Says that something beside the releases belongs to the add-on: what comes after the add-on comes after it too. */
  protected completeWith(dependable: ITerraformDependable): void {
    this.last = dependable;
    for (const follower of this.followers) follower.waitFor(dependable);
  }

  private waitFor(earlier: ITerraformDependable): void {
    const address = dependable(earlier);
    const known = this.first.dependsOn ?? [];
    if (!known.includes(address)) this.first.dependsOn = [...known, address];
  }

  private release(release: AddonRelease, previous: ITerraformDependable, registry: string | undefined): Release {
    const { chart, values = {}, userValues = {}, fixedValues = {} } = release;
    this.checkValues(chart.name, userValues, fixedValues);
    const images = registry === undefined ? {} : redirectedImages(chart.name, registry);
    const text = renderValues(mergeValues(values, images, userValues, fixedValues));
    this.checkSize(chart.name, text);
    return new Release(this, release.id, {
      name: release.releaseName,
      namespace: this.namespace,
      createNamespace: false, // it would come without pod-security labels
      repository: chart.repository,
      chart: chart.chart,
      version: chart.version,
      values: [text],
      wait: true,
      waitForJobs: release.waitForJobs ?? true,
      timeout: release.timeoutSeconds ?? 600,
      maxHistory: 5, // Helm keeps every revision otherwise, each a secret in the namespace
      cleanupOnFail: true,
      skipCrds: release.skipCrds,
      takeOwnership: release.takeOwnership,
      disableOpenapiValidation: release.disableOpenapiValidation,
      dependsOn: [previous],
    });
  }

  /** Values stand in a release twice: as they were given, and in what the chart makes of them. */
  private checkSize(chart: string, values: string): void {
    const own = CHART_BYTES[chart] ?? CHART_BYTES.other ?? 0;
    const bytes = own + storedBytes(values, values);
    if (bytes <= MOST_RELEASE_BYTES) return;
    throw new ConfigurationError(this.node.path, {
      what: 'the release is too large: Helm keeps it in one Secret of at most 1 MiB',
      got: `${Math.ceil(bytes / 1024)} KiB, of which chart ${chart} takes about ${Math.ceil(own / 1024)} KiB by itself`,
      allowed: `${MOST_RELEASE_BYTES / 1024} KiB`,
      fix: 'move large texts into a ConfigMap of their own and name it in the values',
    });
  }

  private checkValues(chart: string, user: Values, fixed: Values): void {
    const [wrong] = wrongTypes(chart, user);
    if (wrong) {
      throw new ConfigurationError(this.node.path, {
        what: `value of another type than chart ${chart} takes: values.${wrong.path}`,
        got: wrong.got,
        allowed: wrong.allowed,
        fix: `write a ${wrong.allowed}`,
      });
    }
    for (const { path, got, allowed } of unknownKeys(chart, user)) {
      Annotations.of(this).addWarning(
        `${this.node.path}: chart ${chart} has no values.${path}, Helm would ignore it; nearest to "${got}": ${allowed}`,
      );
    }
    for (const path of overruled(user, fixed)) {
      Annotations.of(this).addWarning(
        `${this.node.path}: values.${path} is decided by the platform, yours is ignored: ${JSON.stringify(valueAt(fixed, path))} stays`,
      );
    }
  }

  /** Takes its place among the add-ons of the stack, in whatever order they are declared. */
  private order(): void {
    const before = (addon: HelmAddon) => [
      ...addon._relations.requires,
      ...(addon._relations.requiresOneOf ?? []),
      ...addon._relations.after,
    ];
    for (const other of TerraformStack.of(this).node.findAll()) {
      if (!(other instanceof HelmAddon) || other === this) continue;
      if (before(this).includes(other.addonName)) this.installAfter(other);
      if (before(other).includes(this.addonName)) other.installAfter(this);
    }
  }
}

function relationsOf({ addonName, requires = [], requiresOneOf, conflictsWith = {} }: HelmAddonProps): AddonRelations {
  const known = ADD_ONS[addonName] ?? { requires: [], after: [], conflictsWith: {} };
  return {
    ...known,
    requires: [...known.requires, ...requires],
    ...(requiresOneOf ? { requiresOneOf } : {}),
    conflictsWith: { ...known.conflictsWith, ...conflictsWith },
  };
}

function valueAt(values: Values, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => (value as Values | undefined)?.[key], values);
}
