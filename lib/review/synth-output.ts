import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asApp } from '../guardrails/model/app';
import { isObject } from '../guardrails/model/json';
import type { StackModel } from '../guardrails/model/stack-model';
import { readSynthesizedStack } from '../guardrails/model/synth-reader';
import { InputError } from './input-error';

/** The part of a platform contract that reports read. */
export interface PlatformContractView {
  readonly environment: { readonly project: string; readonly stage: string; readonly location: string };
  readonly nodePools: ContractPoolView[];
}

export interface ContractPoolView {
  readonly name: string;
  readonly vmSize: string;
  readonly minCount: number;
  readonly maxCount: number;
  readonly spot?: boolean;
  readonly gpu?: {
    readonly model: string;
    readonly count: number;
    readonly sharing?: string;
    readonly resources?: Record<string, number>;
  };
}

/** One stack of a synthesized app, with its place in it. */
export interface SynthesizedStack {
  readonly model: StackModel;
  /** Names of the stacks that must be deployed before. */
  readonly dependencies: string[];
}

/** What `cdktf synth` wrote. */
export interface SynthOutput {
  readonly stacks: SynthesizedStack[];
  readonly contracts: PlatformContractView[];
}

/** A stack as the manifest names it. */
export interface ManifestStack {
  readonly name: string;
  readonly synthesizedStackPath: string;
  readonly dependencies?: unknown;
}

/**
 * Reads a `cdktf.out` folder.
 * @throws InputError when it is none, or a file in it is broken
 */
export function readSynthOutput(folder: string): SynthOutput {
  const stacks = listStacks(folder).map((entry) => {
    const file = join(folder, entry.synthesizedStackPath);
    return {
      model: readSynthesizedStack(entry.name, readJson(file), file),
      dependencies: Array.isArray(entry.dependencies) ? entry.dependencies.filter((name) => typeof name === 'string') : [],
    };
  });
  asApp(stacks.map((stack) => stack.model));
  return { stacks, contracts: readContracts(join(folder, 'contracts')) };
}

/**
 * The stacks that the manifest of a `cdktf.out` folder names, by name.
 * @throws InputError when the folder has none
 */
export function listStacks(folder: string): ManifestStack[] {
  const path = join(folder, 'manifest.json');
  if (!existsSync(path)) {
    throw new InputError(folder, {
      what: 'no manifest.json in this folder',
      allowed: 'the folder that cdktf synth wrote, by default cdktf.out',
      fix: 'run cdktf synth first, or name the folder',
    });
  }
  const manifest = readJson(path);
  const listed = isObject(manifest) && isObject(manifest.stacks) ? Object.values(manifest.stacks).filter(isManifestStack) : [];
  return listed.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Reads and parses a JSON file; takes UTF-16, which PowerShell writes on redirect.
 * @throws InputError when it cannot
 */
export function readJson(path: string): unknown {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch {
    throw new InputError(path, { what: 'file cannot be read', fix: 'check the path and its permissions' });
  }
  if (bytes.subarray(0, 4).toString('latin1') === 'PK\x03\x04') {
    throw new InputError(path, { what: 'this is a binary plan', fix: 'give its JSON: terraform show -json tfplan > plan.json' });
  }
  const text = bytes[0] === 0xff && bytes[1] === 0xfe ? bytes.toString('utf16le') : bytes.toString('utf8');
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown;
  } catch {
    // The parser's own message quotes the text around, which may be a secret.
    throw new InputError(path, {
      what: 'file is no JSON, or cut off',
      fix: 'write it again: cdktf synth, or terraform show -json tfplan > plan.json',
    });
  }
}

function isManifestStack(value: unknown): value is ManifestStack {
  return isObject(value) && typeof value.name === 'string' && typeof value.synthesizedStackPath === 'string';
}

function readContracts(folder: string): PlatformContractView[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return files
    .sort()
    .map((file) => readJson(join(folder, file)))
    .filter(isContract);
}

function isContract(value: unknown): value is PlatformContractView {
  return (
    isObject(value) &&
    isObject(value.environment) &&
    typeof value.environment.stage === 'string' &&
    typeof value.environment.location === 'string' &&
    Array.isArray(value.nodePools)
  );
}
