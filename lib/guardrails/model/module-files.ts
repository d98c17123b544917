import { isObject } from './json';

/** Files of one folder, which Terraform reads as one module. */
export interface ModuleFiles {
  readonly json: Record<string, unknown>;
  /** Addresses that two files write to: Terraform refuses them. */
  readonly sharedAddresses: string[];
}

/** Puts the files of a folder together as Terraform does. */
export function joinModuleFiles(files: readonly { readonly file: string; readonly json: unknown }[]): ModuleFiles {
  const json: Record<string, unknown> = {};
  const writers = new Map<string, string[]>();
  for (const { file, json: part } of files) {
    for (const [section, body] of Object.entries(isObject(part) ? part : {})) {
      if (section === 'resource' || section === 'data') note(writers, section, body, file);
      json[section] = joined(json[section], body);
    }
  }
  const sharedAddresses = [...writers]
    .filter(([, from]) => from.length > 1)
    .map(([address, from]) => `${address} from ${from.join(' and ')}`);
  return { json, sharedAddresses };
}

function note(writers: Map<string, string[]>, section: string, body: unknown, file: string): void {
  for (const [type, named] of Object.entries(isObject(body) ? body : {})) {
    for (const name of Object.keys(isObject(named) ? named : {})) {
      const address = `${section === 'data' ? 'data.' : ''}${type}.${name}`;
      writers.set(address, [...(writers.get(address) ?? []), file]);
    }
  }
}

function joined(before: unknown, after: unknown): unknown {
  if (before === undefined) return after;
  if (Array.isArray(before) || Array.isArray(after)) return [before, after].flat();
  if (!isObject(before) || !isObject(after)) return after;
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return Object.fromEntries(keys.map((key) => [key, key in after ? joined(before[key], after[key]) : before[key]]));
}
