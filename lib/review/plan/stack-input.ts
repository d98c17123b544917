import type { StackModel } from '../../guardrails/model/stack-model';

/** One planned change, as a plan or a comparison of two synthesized stacks gives it. */
export interface RawChange {
  readonly address: string;
  readonly type: string;
  readonly actions: string[];
  readonly actionReason?: string;
  readonly before: unknown;
  readonly after: unknown;
  /** Trees of the shape of the values, `true` at what they mark. */
  readonly afterUnknown?: unknown;
  readonly beforeSensitive?: unknown;
  readonly afterSensitive?: unknown;
  /** Paths that force replacement; steps are names and indexes. */
  readonly replacePaths: (string | number)[][];
  readonly previousAddress?: string;
  readonly importId?: string;
  readonly deposed?: string;
}

export interface RawOutput {
  readonly name: string;
  readonly actions: string[];
  readonly before: unknown;
  readonly after: unknown;
  readonly sensitive: boolean;
  readonly unknown: boolean;
}

export interface RawCheck {
  readonly address: string;
  readonly status: string;
  readonly messages: string[];
}

/** One stack under review, as it was read. */
export interface StackInput {
  readonly stack: string;
  readonly environment: string;
  readonly layer: string;
  readonly kind: 'plan' | 'synth';
  readonly digest: string;
  readonly terraformVersion?: string;
  readonly partial: boolean;
  /** Planning it failed: it is compared as code. */
  readonly unplanned?: true;
  readonly changes: RawChange[];
  readonly drift: RawChange[];
  readonly outputs: RawOutput[];
  readonly checks: RawCheck[];
  /** For each resource address, without index: the addresses its configuration refers to. */
  readonly references: ReadonlyMap<string, readonly string[]>;
  /** For each resource address: attribute path as in `replacePaths`, dotted, and what it refers to. */
  readonly referencesAt: (address: string, path: (string | number)[]) => string[];
  /** "resource.attribute" of prior values that fed the plan. */
  readonly relevant: ReadonlySet<string>;
  readonly constructPaths: ReadonlyMap<string, string>;
  readonly sourceLocations: ReadonlyMap<string, string>;
  /** For guardrails: before and after. */
  readonly baseModel?: StackModel;
  readonly headModel?: StackModel;
  /** As it was synthesized, where that is at hand. */
  readonly synthesized?: StackModel;
  /** Names of stacks that this one must be deployed after. */
  readonly dependencies: string[];
}

/** The address of a resource without its count or for_each key, as configuration names it. */
export function withoutIndex(address: string): string {
  return address.includes('[') ? address.replace(/\[(?:"(?:[^"\\]|\\.)*"|[^\]]*)\]/g, '') : address;
}
