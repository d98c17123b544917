import { Release } from '@cdktf/provider-helm/lib/release';
import { Annotations, dependable, type ITerraformDependable, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { ClusterAccess, type IMlPlatform } from '../contract';
import { ConfigurationError } from '../core/configuration-error';
import { ADD_ONS, type AddonRelations } from './addon-catalogue';
import { AddonChecks } from './addon-checks';
import { AddonNamespace } from './addon-namespace';
import type { HelmChart } from './helm-chart';
import type { PodSecurity } from './pod-security';
import { mergeValues, overruled, renderValues, type Values } from './values';

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
  /** Skips the check of the rendered objects against the cluster's API, for charts whose hooks upgrade CRDs. @default false */
  readonly disableOpenapiValidation?: boolean;
}

export interface HelmAddonProps extends AddonProps {
  /** Lower-case words with hyphens, e.g. "gpu-operator": the name that other add-ons require or exclude it by. */
  readonly addonName: string;
  readonly podSecurity: PodSecurity;
  /** In the order of their installation. */
  readonly releases: AddonRelease[];
}

/**
 * Controllers or operators in the cluster, as Helm releases in a namespace of their own. The base of all add-ons; use it as it
 * is for a chart that the library does not know.
 */
export class HelmAddon extends Construct {
  /** The name that other add-ons require or exclude it by. */
  public readonly addonName: string;
  public readonly namespace: string;
  /** The last release, for the `dependsOn` of what needs the add-on. */
  public readonly dependable: ITerraformDependable;
  private readonly first: Release;

  constructor(scope: Construct, id: string, props: HelmAddonProps) {
    super(scope, id);
    this.addonName = props.addonName;
    this.namespace = props.namespace ?? props.addonName;
    ClusterAccess.of(this, props.platform);
    const namespace = AddonNamespace.of(this, this.namespace, props.podSecurity);
    let previous: ITerraformDependable = namespace.dependable;
    let first: Release | undefined;
    for (const release of props.releases) {
      const made = this.release(this.namespace, release, previous);
      first ??= made;
      previous = made;
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
    this.dependable = previous;
    for (const addon of props.dependsOn ?? []) this.installAfter(addon);
    this.order();
    AddonChecks.of(this, props.platform).register(this, props.providedElsewhere ?? []);
  }

  /** What the add-on has to do with others. @internal */
  public get _relations(): AddonRelations {
    return ADD_ONS[this.addonName] ?? { requires: [], after: [], conflictsWith: {} };
  }

  /** Installs this add-on after another of the same stack. */
  public installAfter(addon: HelmAddon): void {
    const address = dependable(addon.dependable);
    const known = this.first.dependsOn ?? [];
    if (!known.includes(address)) this.first.dependsOn = [...known, address];
  }

  private release(namespace: string, release: AddonRelease, previous: ITerraformDependable): Release {
    const user = release.userValues ?? {};
    const fixed = release.fixedValues ?? {};
    for (const path of overruled(user, fixed)) {
      Annotations.of(this).addWarning(
        `${this.node.path}: values.${path} is decided by the platform, yours is ignored: ${JSON.stringify(valueAt(fixed, path))} stays`,
      );
    }
    return new Release(this, release.id, {
      name: release.releaseName,
      namespace,
      createNamespace: false, // it would come without pod-security labels
      repository: release.chart.repository,
      chart: release.chart.chart,
      version: release.chart.version,
      values: [renderValues(mergeValues(release.values ?? {}, user, fixed))],
      wait: true,
      waitForJobs: release.waitForJobs ?? true,
      timeout: release.timeoutSeconds ?? 600,
      maxHistory: 5, // Helm keeps every revision otherwise, each a secret in the namespace
      cleanupOnFail: true,
      skipCrds: release.skipCrds,
      disableOpenapiValidation: release.disableOpenapiValidation,
      dependsOn: [previous],
    });
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

function valueAt(values: Values, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => (value as Values | undefined)?.[key], values);
}
