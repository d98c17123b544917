import { join } from 'node:path';
import { Release } from '@cdktf/provider-helm/lib/release';
import { AssetType, type ITerraformDependable, TerraformAsset, TerraformStack, Token } from 'cdktf';
import { Construct } from 'constructs';
import { ClusterAccess, type IMlPlatform } from '../contract';
import { ConfigurationError } from '../core/configuration-error';
import { MOST_RELEASE_BYTES, storedBytes } from './release-size';

export interface ManifestsProps {
  readonly platform: IMlPlatform;
  /** Namespace of the release, and of objects that name none. */
  readonly namespace: string;
  /** Name of the release, 1-53 lower-case letters, digits and hyphens; unique in its namespace. */
  readonly releaseName: string;
  /** Kubernetes objects, each with apiVersion, kind and metadata.name. */
  readonly objects: { [key: string]: unknown }[];
  /** Takes over objects that another release has. @default false */
  readonly takeOwnership?: boolean;
  /** What must stand before the objects are sent. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * Custom resources as one Helm release of a chart that holds nothing but them.
 *
 * Unlike `kubernetes_manifest` it needs neither the cluster nor the CRDs at plan, and shows in a plan as the values that changed.
 */
export class Manifests extends Construct {
  /** The release, for the `dependsOn` of what needs the objects. */
  public readonly dependable: ITerraformDependable;
  private readonly release: Release;

  /** @throws when the name of the release is not valid, an object is not complete, or two are the same */
  constructor(scope: Construct, id: string, props: ManifestsProps) {
    super(scope, id);
    checkReleaseName(this.node.path, props.releaseName);
    ClusterAccess.of(this, props.platform);
    this.release = new Release(this, 'Default', {
      name: props.releaseName,
      namespace: props.namespace,
      chart: chartOf(this),
      values: [this.render(props.objects)],
      maxHistory: 5, // Helm keeps every revision otherwise, each a secret in the namespace
      takeOwnership: props.takeOwnership,
      dependsOn: props.dependsOn,
    });
    this.dependable = this.release;
  }

  /**
   * Sends these objects instead of the ones before.
   * @throws when an object is not complete, or two are the same
   */
  public replaceObjects(objects: { [key: string]: unknown }[]): void {
    this.release.values = [this.render(objects)];
  }

  private render(objects: { [key: string]: unknown }[]): string {
    const seen = new Set<string>();
    for (const object of objects) {
      checkObject(this.node.path, object);
      const { kind, metadata } = object as { kind: string; metadata: { name: string; namespace?: string } };
      const key = [kind, metadata.namespace, metadata.name].filter((part) => part !== undefined).join('/');
      if (seen.has(key)) {
        throw new ConfigurationError(this.node.path, {
          what: 'two objects of a release are the same',
          got: `${key} twice`,
          allowed: 'every kind and name once',
          fix: 'rename one of them',
        });
      }
      seen.add(key);
    }
    const text = JSON.stringify({ objects: objects.map(escaped) }, null, 2);
    checkSize(this.node.path, text);
    return text;
  }
}

/** One copy of the chart in a stack's folder, however many releases use it. */
function chartOf(scope: Construct): string {
  const stack = TerraformStack.of(scope);
  const existing = stack.node.tryFindChild('ManifestsChart');
  if (existing instanceof TerraformAsset) return existing.path;
  return new TerraformAsset(stack, 'ManifestsChart', { path: join(__dirname, 'chart'), type: AssetType.DIRECTORY }).path;
}

/** Once as values, once rendered: the chart writes out what it is given. */
function checkSize(path: string, text: string): void {
  const bytes = storedBytes(text, text);
  if (bytes <= MOST_RELEASE_BYTES) return;
  throw new ConfigurationError(path, {
    what: 'the objects are too large for one release: Helm keeps it in a Secret of at most 1 MiB',
    got: `${Math.ceil(bytes / 1024)} KiB, compressed`,
    allowed: `${MOST_RELEASE_BYTES / 1024} KiB`,
    fix: 'split the objects over several releases, or move large texts out of them',
  });
}

function checkReleaseName(path: string, name: string): void {
  if (Token.isUnresolved(name) || /^[a-z0-9]([-a-z0-9]{0,51}[a-z0-9])?$/.test(name)) return;
  throw new ConfigurationError(path, {
    what: 'releaseName is not valid',
    got: JSON.stringify(name),
    allowed: '1-53 lower-case letters, digits and hyphens, no hyphen at either end',
    fix: 'shorten it, e.g. "queues"',
  });
}

function checkObject(path: string, object: { [key: string]: unknown }): void {
  const { apiVersion, kind, metadata } = object as { apiVersion?: unknown; kind?: unknown; metadata?: { name?: unknown } };
  const missing = [
    ['apiVersion', apiVersion],
    ['kind', kind],
    ['metadata.name', metadata?.name],
  ].filter(([, value]) => typeof value !== 'string' || value === '');
  if (missing.length === 0) return;
  throw new ConfigurationError(path, {
    what: 'a Kubernetes object is not complete',
    got: `${String(kind ?? 'object')} without ${missing.map(([field]) => field).join(', ')}`,
    allowed: 'apiVersion, kind and metadata.name on every object',
    fix: 'add what is missing',
  });
}

/** Terraform reads `${` and `%{` in strings as its own: what is not a token of ours is meant for Kubernetes. */
function escaped(value: unknown): unknown {
  if (typeof value === 'string') {
    return Token.isUnresolved(value) ? value : value.replace(/[$%](?=\{)/g, (sign) => sign + sign);
  }
  if (Array.isArray(value)) return value.map(escaped);
  if (typeof value === 'object' && value !== null && !Token.isUnresolved(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, escaped(child)]));
  }
  return value;
}
