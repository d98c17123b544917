import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { nearest } from '../core/nearest';
import { addRenderedObjects } from '../guardrails/model/manifests';
import type { ResourceModel, StackModel } from '../guardrails/model/stack-model';
import { InputError } from './input-error';

const ALLOWED = 'FILE, or RELEASE=FILE with the name of a release or STACK/NAME';

/**
 * Adds rendered charts to the stacks of their releases.
 * @param args each a file or folder of YAML that `helm template` wrote, after the name of the release where the chart alone does
 *   not tell it
 * @throws InputError when a file cannot be read, or its release is not found
 */
export function addManifests(stacks: StackModel[], args: readonly string[]): void {
  for (const argument of args) {
    const [, named, path = ''] = /^(?:([^=]+)=)?(.+)$/.exec(argument) ?? [];
    const texts = filesOf(path).map((file) => ({ file, text: readFileSync(file, 'utf8') }));
    const objects = texts.flatMap(({ file, text }) => documentsOf(file, text));
    const release = releaseOf(stacks, named ?? '', path, texts.map(({ text }) => text).join('\n'));
    addRenderedObjects(release, objects);
  }
}

/** `helm template --output-dir` writes folders. */
function filesOf(path: string): string[] {
  if (!existsSync(path)) {
    throw new InputError(path, {
      what: 'file cannot be read',
      fix: 'render the chart: helm template NAME CHART > rendered.yaml',
    });
  }
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.ya?ml$/.test(file))
    .sort()
    .map((file) => join(path, file));
}

function documentsOf(file: string, text: string): unknown[] {
  const documents = parseAllDocuments(text, { logLevel: 'silent' });
  const broken = Array.isArray(documents) ? documents.find((document) => document.errors.length > 0) : undefined;
  if (!Array.isArray(documents) || broken) {
    throw new InputError(file, {
      what: 'no YAML that can be parsed',
      got: `line ${broken?.errors[0]?.linePos?.[0].line ?? 1}`,
      fix: 'write it again: helm template NAME CHART > rendered.yaml',
    });
  }
  const objects: unknown[] = documents.map((document) => document.toJS({ maxAliasCount: 100 }) as unknown);
  const stray = objects.find((object) => object !== null && !(typeof object === 'object' && 'kind' in object));
  if (stray !== undefined) {
    throw new InputError(file, {
      what: 'a document is no Kubernetes object: it has no kind',
      fix: 'give the output of helm template, not the values or the chart',
    });
  }
  return objects.filter((object) => object !== null);
}

/** Helm writes "# Source: <chart>/templates/..." above each object. */
function releaseOf(stacks: StackModel[], named: string, path: string, text: string): ResourceModel {
  const releases = stacks.flatMap((stack) => stack.ofType('helm_release'));
  const chart = /^# Source: ([^/\s]+)\//m.exec(text)?.[1];
  const matching = releases.filter((release) =>
    named === '' ? chart !== undefined && chartOf(release) === chart : namesOf(release).includes(named),
  );
  const [only] = matching;
  if (only && matching.length === 1) return only;
  const names = (matching.length > 1 ? matching : releases).map((release) => namesOf(release)[0] ?? '');
  throw new InputError(path, {
    what: matching.length > 1 ? 'several releases could be meant' : 'no release of these stacks is meant',
    got: named || (chart === undefined ? 'no "# Source:" of a chart' : `chart ${chart}`),
    allowed: names.length > 0 ? `${ALLOWED}, e.g. ${nearest(named || (chart ?? ''), names).join(', ')}` : ALLOWED,
    fix: `name the release: --manifests ${names[0] ?? 'RELEASE'}=${basename(path)}`,
  });
}

function chartOf(release: ResourceModel): string {
  return basename(release.value('chart').text);
}

/** STACK/NAME first: it is unique. */
function namesOf(release: ResourceModel): string[] {
  const name = release.value('name').text || release.name;
  return [`${release.stack.name}/${name}`, name, release.address];
}
