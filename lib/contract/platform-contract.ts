import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Construct } from 'constructs';
import { Environment, Stage } from '../core';
import { ConfigurationError } from '../core/configuration-error';
import { onSynthesize } from '../core/framework-internals';
import { nearest } from '../core/nearest';
import type { ContractNodePool, ContractTenant, PlatformContractAttributes } from './contract-attributes';
import type { IMlPlatform } from './ml-platform';
import schema from './platform-contract.schema.json';
import { isRecord, schemaProblems } from './schema-check';

/**
 * The only door between the layers of a platform: names, ids, pools, quotas and endpoints that it promises. The add-ons stack,
 * the workloads stack and an app team's stack see the platform through it and never through another stack's state.
 *
 * ```ts
 * const platform = PlatformContract.fromFile(this, 'Platform', 'contracts/prod.json');
 * ```
 */
export class PlatformContract extends Construct implements IMlPlatform {
  /** Version that this library writes. It reads every minor version of the same major one. */
  public static readonly VERSION = '1.0';

  /**
   * Reads the contract that a platform's synth wrote.
   * @param path of the JSON file, from the working directory
   * @throws when the file cannot be read, is of another major version, or misses a field
   */
  public static fromFile(scope: Construct, id: string, path: string): PlatformContract {
    const where = `${scope.node.path}/${id}`;
    return new PlatformContract(scope, id, checked(where, parsed(where, path), path));
  }

  /**
   * Takes a contract that is in memory already.
   * @throws when it is of another major version or misses a field
   */
  public static fromAttributes(scope: Construct, id: string, attributes: PlatformContractAttributes): PlatformContract {
    return new PlatformContract(scope, id, checked(`${scope.node.path}/${id}`, attributes, 'the attributes'));
  }

  public readonly attributes: PlatformContractAttributes;
  public readonly environment: Environment;

  private constructor(scope: Construct, id: string, attributes: PlatformContractAttributes) {
    super(scope, id);
    this.attributes = attributes;
    const { stage, strictness, ...rest } = attributes.environment;
    const like = Stage.of(strictness);
    this.environment = new Environment({ ...rest, stage: stage === strictness ? like : Stage.custom(stage, like) });
  }

  /** Writes the contract to `contracts/<stage>.json` in the output folder when its stack is synthesized. */
  public publish(): void {
    onSynthesize(this, (outdir) => {
      const folder = join(outdir, 'contracts');
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, `${this.attributes.environment.stage}.json`), `${JSON.stringify(this.attributes, null, 2)}\n`);
    });
  }

  public nodePool(name: string): ContractNodePool {
    return this.named('node pool', name, this.attributes.nodePools, 'use one of them, or have the platform team add the pool');
  }

  public tenant(name: string): ContractTenant {
    return this.named('tenant', name, this.attributes.tenants, 'use one of them, or have the platform team add the tenant');
  }

  private named<T extends { readonly name: string }>(kind: string, name: string, all: readonly T[], fix: string): T {
    const found = all.find((item) => item.name === name);
    if (found) return found;
    const names = all.map((item) => item.name);
    throw new ConfigurationError(this.node.path, {
      what: `${this.environment.environmentName} has no ${kind} of this name`,
      got: JSON.stringify(name),
      allowed: nearest(name, names, names.length).join(', ') || 'none: the platform has no tenants yet',
      fix,
    });
  }
}

function parsed(where: string, path: string): unknown {
  const problem = (what: string, got: string) =>
    new ConfigurationError(where, {
      what,
      got,
      allowed: 'the contracts/<stage>.json of a platform',
      fix: "take the file from the platform team's release, or synthesize the platform first",
    });
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw problem('contract file cannot be read', path);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw problem('contract file is not JSON', `${path} (${error instanceof Error ? error.message : String(error)})`);
  }
}

function checked(where: string, value: unknown, source: string): PlatformContractAttributes {
  const version = isRecord(value) ? value.contractVersion : undefined;
  const [major] = PlatformContract.VERSION.split('.');
  if (typeof version === 'string' && version.split('.')[0] !== major) {
    throw new ConfigurationError(where, {
      what: `contract in ${source} is of another version`,
      got: version,
      allowed: `${major}.x`,
      fix: `install the major version of cdktf-ml-platform that reads ${version}, or have the platform publish ${PlatformContract.VERSION}`,
    });
  }
  const problems = schemaProblems(schema, value);
  if (problems.length > 0) {
    throw new ConfigurationError(where, {
      what: `contract in ${source} does not fit its schema`,
      got: `\n    ${problems.join('\n    ')}`,
      allowed: 'every field of the platform contract',
      fix: 'take the file as the platform wrote it, unedited',
    });
  }
  return value as PlatformContractAttributes;
}
