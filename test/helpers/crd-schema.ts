import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';

const FACTS = 'test/fixtures/facts/crds';

/** What the project knows of a CRD; `distil.mjs` in the folder of the facts makes it. */
export interface CrdFacts {
  readonly kind: string;
  readonly apiVersion: string;
  readonly scope: string;
  readonly chart: string;
  readonly chartVersion: string;
  readonly source: string;
  readonly commit: string;
  readonly licence: string;
  readonly schema: Schema;
}

/** A Kubernetes object. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Record<string, string>;
    readonly annotations?: Record<string, string>;
  };
  readonly [field: string]: unknown;
}

type Schema = Record<string, unknown>;

/** Kinds of Kubernetes itself: the provider's schema and the API server know them. */
const BUILT_IN =
  /^(v1|apps\/v1|batch\/v1|policy\/v1|autoscaling\/v2|networking\.k8s\.io\/v1|rbac\.authorization\.k8s\.io\/v1|scheduling\.k8s\.io\/v1|storage\.k8s\.io\/v1)$/;

const ajv = new Ajv({ strict: false, allErrors: true, validateSchema: false, unicodeRegExp: false });
addFormats.default(ajv);
const validators = new Map<string, ValidateFunction>();
let known: ReadonlyMap<string, CrdFacts> | undefined;

/** All CRDs that the project has facts of, by "apiVersion/kind". */
export function crds(): ReadonlyMap<string, CrdFacts> {
  known ??= new Map(
    readdirSync(FACTS)
      .filter((file) => file.endsWith('.json'))
      .map((file) => JSON.parse(readFileSync(join(FACTS, file), 'utf8')) as CrdFacts)
      .map((facts) => [`${facts.apiVersion}/${facts.kind}`, facts]),
  );
  return known;
}

/**
 * What does not fit the CRD of each object, a line each. Fields that the CRD does not know are refused, as the API server would
 * drop them in silence. Kinds of Kubernetes itself pass.
 */
export function crdProblems(objects: readonly unknown[]): string[] {
  return (objects as KubernetesObject[]).flatMap((object) => {
    if (BUILT_IN.test(object.apiVersion)) return [];
    const name = `${object.kind}/${object.metadata?.name}`;
    const facts = crds().get(`${object.apiVersion}/${object.kind}`);
    if (!facts) return [`${name}: ${object.apiVersion}/${object.kind} is not in ${FACTS}; add it with distil.mjs`];
    const namespaced = object.metadata?.namespace !== undefined;
    const scope = namespaced === (facts.scope === 'Namespaced') ? [] : [`${name}: is of scope ${facts.scope}`];
    const validate = validatorOf(facts);
    if (validate(object)) return scope;
    const problems = (validate.errors ?? []).map(({ instancePath, message, params }) => {
      const extra = 'additionalProperty' in params ? ` "${String(params.additionalProperty)}"` : '';
      return `${name}${instancePath}: ${message}${extra}`;
    });
    return [...scope, ...problems];
  });
}

function validatorOf(facts: CrdFacts): ValidateFunction {
  const key = `${facts.apiVersion}/${facts.kind}`;
  let validate = validators.get(key);
  if (!validate) {
    validate = ajv.compile(closed(facts.schema) as Schema);
    validators.set(key, validate);
  }
  return validate;
}

/** The schema as the API server takes it: an object has no other fields than those named, unless it says so. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { properties, type, definitions, pattern, ...rest } = schema as Schema;
  const open = rest['x-kubernetes-preserve-unknown-fields'] === true || 'additionalProperties' in rest;
  const byName = (children: unknown) =>
    Object.fromEntries(Object.entries(children as Schema).map(([name, child]) => [name, closed(child)]));
  return {
    ...Object.fromEntries(Object.entries(rest).map(([key, child]) => [key, closed(child)])),
    ...(type === undefined || rest['x-kubernetes-int-or-string'] === true ? {} : { type }),
    // Go writes flags into the expression, which JavaScript does not read.
    ...(typeof pattern === 'string' && !pattern.includes('(?i)') ? { pattern } : {}),
    ...(properties === undefined ? {} : { properties: byName(properties), ...(open ? {} : { additionalProperties: false }) }),
    ...(definitions === undefined ? {} : { definitions: byName(definitions) }),
  };
}
