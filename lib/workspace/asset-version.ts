import { createHash } from 'node:crypto';
import type { Construct } from 'constructs';
import { AzapiResource } from '../azapi';
import { ConfigurationError } from '../core/configuration-error';

/** A versioned asset: the container of all its versions, and one version. */
export interface AssetVersion {
  /** "environments" or "components". */
  readonly kind: string;
  readonly workspaceId: string;
  readonly name: string;
  /** @default - made from the content */
  readonly version?: string;
  /** What the version consists of; it never changes under one version. */
  readonly properties: { [key: string]: unknown };
}

export interface MadeAsset {
  readonly id: string;
  readonly version: string;
}

/**
 * Makes a version of an asset below `scope`.
 *
 * Azure ML refuses to change a version. So the version is a hash of the content: what changes gets a new one by itself.
 * @throws when the name is not valid
 */
export function makeAssetVersion(scope: Construct, asset: AssetVersion): MadeAsset {
  if (!/^[a-zA-Z0-9][a-zA-Z0-9_-]{0,254}$/.test(asset.name)) {
    throw new ConfigurationError(scope.node.path, {
      what: `name among ${asset.kind} is not valid`,
      got: JSON.stringify(asset.name),
      allowed: '1-255 ASCII letters, digits, "-" and "_"',
      fix: 'e.g. "sklearn-inference"',
    });
  }
  const type = `Microsoft.MachineLearningServices/workspaces/${asset.kind}`;
  const container = new AzapiResource(scope, 'Container', {
    type: `${type}@2025-06-01`,
    name: asset.name,
    parentId: asset.workspaceId,
    body: { properties: {} },
  });
  const version = asset.version ?? contentVersion(asset.properties);
  const made = new AzapiResource(scope, 'Default', {
    type: `${type}/versions@2025-06-01`,
    name: version,
    parentId: container.id,
    body: { properties: asset.properties },
  });
  return { id: made.id, version };
}

/** Twelve characters that change with the content, whatever the order of its keys. */
export function contentVersion(content: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(content)))
    .digest('hex')
    .slice(0, 12);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
