import { evaluate, subjectsOf } from '../../lib/guardrails/evaluation';
import type { GuardrailPack } from '../../lib/guardrails/guardrail-pack';
import { asApp } from '../../lib/guardrails/model/app';
import { isObject } from '../../lib/guardrails/model/json';
import type { StackModel } from '../../lib/guardrails/model/stack-model';
import { readSynthesizedStack } from '../../lib/guardrails/model/synth-reader';
import { VerdictKind } from '../../lib/guardrails/verdict';

export type Json = Record<string, unknown>;
export type AppJson = Record<string, Json>;

/** One way to break a stack. */
export interface Flip {
  readonly stack: string;
  readonly rule: string;
  readonly address: string;
  /** Attribute, or the addresses of the resources that are taken away. */
  readonly target: string;
  readonly change: string;
}

export interface MutationScore {
  readonly flips: number;
  readonly missed: Flip[];
}

/**
 * Breaks each attribute that a rule of the pack leans on, one at a time, and counts how often the rule tells. Attributes are
 * named by the rules: each passing verdict says which value it saw and which values it would refuse.
 */
export function mutate(app: AppJson, stackNames: string[], pack: GuardrailPack): MutationScore {
  const models = read(app);
  const missed: Flip[] = [];
  let flips = 0;
  const attempt = (flip: Flip, broken: Json) => {
    flips += 1;
    if (!tells(app, flip, broken, pack)) missed.push(flip);
  };
  for (const stackName of stackNames) {
    const model = models.find((one) => one.name === stackName);
    const json = app[stackName];
    if (!model || !json) throw new Error(`no stack ${stackName}`);
    const failing = new Set(
      evaluate(model, pack, { today: '2026-11-21' }).findings.map((finding) => `${finding.rule.id} ${finding.address}`),
    );
    for (const rule of pack.rules) {
      for (const resource of subjectsOf(rule, model)) {
        if (failing.has(`${rule.id} ${resource.address}`)) continue;
        for (const verdict of rule.check(resource)) {
          if (verdict.kind !== VerdictKind.PASS) continue;
          const about = { stack: stackName, rule: rule.id, address: resource.address };
          const path = verdict.value?.path;
          for (const refused of path === undefined ? [] : verdict.refusedValues) {
            const change = refused === undefined ? 'removed' : `set to ${JSON.stringify(refused)}`;
            const at = verdict.value?.address || resource.address;
            attempt({ ...about, target: `${at} ${path}`, change }, withValue(json, at, path ?? '', refused));
          }
          const props = verdict.restsOn.filter((address) => model.find(address));
          if (props.length > 0) attempt({ ...about, target: props.join(' '), change: 'taken away' }, without(json, props));
        }
      }
    }
  }
  return { flips, missed };
}

export interface BooleanScore {
  readonly booleans: number;
  readonly told: number;
  /** Attributes that no rule minds, as "type.path". */
  readonly unguarded: string[];
}

/** Negates every literal boolean of some stacks, named by a rule or not, and counts how often any rule tells. */
export function negateBooleans(app: AppJson, stackNames: string[], pack: GuardrailPack): BooleanScore {
  const unguarded = new Set<string>();
  let booleans = 0;
  let told = 0;
  for (const stackName of stackNames) {
    const json = app[stackName] ?? {};
    const before = findingKeys(app, stackName, json, pack);
    for (const [type, named] of Object.entries(isObject(json.resource) ? json.resource : {})) {
      for (const [name, body] of Object.entries(isObject(named) ? named : {})) {
        for (const path of booleanPaths(body)) {
          booleans += 1;
          const copy = structuredClone(json);
          const holder = holderOf(copy, `${type}.${name}`, path);
          holder.parent[holder.key] = !holder.parent[holder.key];
          const after = findingKeys(app, stackName, copy, pack);
          if ([...after].some((key) => !before.has(key))) told += 1;
          else unguarded.add(`${type}.${path}`);
        }
      }
    }
  }
  return { booleans, told, unguarded: [...unguarded].sort() };
}

function findingKeys(app: AppJson, stackName: string, json: Json, pack: GuardrailPack): Set<string> {
  const model = read({ ...app, [stackName]: json }).find((one) => one.name === stackName);
  const findings = model ? evaluate(model, pack, { today: '2026-11-21' }).findings : [];
  return new Set(findings.map((finding) => `${finding.id} ${finding.address} ${finding.attribute}`));
}

function booleanPaths(body: unknown, prefix = ''): string[] {
  if (typeof body === 'boolean') return [prefix];
  if (Array.isArray(body)) return body.flatMap((item, index) => booleanPaths(item, `${prefix}[${index}]`));
  if (!isObject(body)) return [];
  return Object.entries(body).flatMap(([key, child]) =>
    key === '//' ? [] : booleanPaths(child, prefix ? `${prefix}.${key}` : key),
  );
}

function tells(app: AppJson, flip: Flip, broken: Json, pack: GuardrailPack): boolean {
  const model = read({ ...app, [flip.stack]: broken }).find((one) => one.name === flip.stack);
  const rule = pack.rules.find((one) => one.id === flip.rule);
  if (!model || !rule) return false;
  const resource = model.find(flip.address);
  return resource !== undefined && rule.check(resource).some((verdict) => verdict.kind === VerdictKind.FAIL);
}

function read(app: AppJson): StackModel[] {
  return asApp(Object.entries(app).map(([name, json]) => readSynthesizedStack(name, json)));
}

function without(json: Json, addresses: string[]): Json {
  const copy = structuredClone(json);
  for (const address of addresses) {
    const [type = '', name = ''] = address.split('.');
    const named = isObject(copy.resource) ? copy.resource[type] : undefined;
    if (isObject(named)) delete named[name];
  }
  return copy;
}

function withValue(json: Json, address: string, path: string, value: unknown): Json {
  const copy = structuredClone(json);
  const { parent, key, done } = holderOf(copy, address, path);
  if (value === undefined) delete parent[key];
  else parent[key] = value;
  done();
  return copy;
}

interface Holder {
  readonly parent: Json;
  readonly key: string;
  /** Writes back what was unpacked on the way. */
  readonly done: () => void;
}

/** The object that holds an attribute. Keys may hold dots, blocks may be lists of one. */
function holderOf(json: Json, address: string, path: string): Holder {
  let { root, done } = rootOf(json, address);
  let rest = path;
  for (;;) {
    const index = /^\[(\d+)\]\.?/.exec(rest);
    if (index) {
      const list = root as unknown as Json;
      rest = rest.slice(index[0].length);
      if (rest === '') return { parent: list, key: index[1] ?? '0', done };
      root = list[index[1] ?? '0'] as Json;
      continue;
    }
    if (Array.isArray(root)) root = root[0] as Json;
    const known = Object.keys(root).filter((key) => rest === key || rest.startsWith(`${key}.`) || rest.startsWith(`${key}[`));
    const key = known.sort((a, b) => b.length - a.length)[0] ?? unknownKey(rest);
    rest = rest.slice(key.length).replace(/^\./, '');
    if (rest === '') return { parent: root, key, done };
    root[key] ??= {};
    root = root[key] as Json;
  }
}

/** A key that is not there yet: a label with dots and a slash as a whole, else up to the next dot. */
function unknownKey(rest: string): string {
  return rest.includes('/') ? rest : (/^[^.[]+/.exec(rest)?.[0] ?? rest);
}

function rootOf(json: Json, address: string): { root: Json; done: () => void } {
  const [release = address, kind, objectName] = address.split('/');
  const parts = release.split('.');
  const sections: Record<string, () => unknown> = {
    terraform: () => json.terraform,
    output: () => (json.output as Json)[parts[1] ?? ''],
    provider: () =>
      ((json.provider as Json)[(parts[1] ?? '').replace(/\[\d+\]$/, '')] as Json[])[Number(/\[(\d+)\]$/.exec(release)?.[1] ?? 0)],
  };
  const [type = '', name = ''] = parts;
  const body = (sections[type]?.() ?? ((json.resource as Json)[type] as Json)[name]) as Json;
  if (kind === undefined) return { root: body, done: () => undefined };
  const values = body.values as string[];
  const parsed = JSON.parse(values[0] ?? '{}') as { objects: Json[] };
  const object = parsed.objects.find((one) => one.kind === kind && (one.metadata as Json).name === objectName);
  return {
    root: { manifest: object },
    done: () => {
      values[0] = JSON.stringify(parsed);
    },
  };
}
