import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import pins from '../../lib/review/data/actions.json';
import { azureDevOpsPipeline } from '../../lib/review/templates/azure-devops';
import { githubWorkflow } from '../../lib/review/templates/github';
import { orderOf } from '../../lib/review/templates/stack-list';
import { sameTree } from '../../lib/review/templates/steps';

const STACKS = [
  { name: 'shared', environment: 'shared', dependencies: [] },
  { name: 'prod-foundation', environment: 'prod', dependencies: ['shared'] },
  { name: 'prod-addons', environment: 'prod', dependencies: ['prod-foundation'] },
];
const OWN = join(__dirname, '../../.github/workflows');

const workflows: [string, string][] = [
  ['the workflow that init ci writes', githubWorkflow(STACKS)],
  ...readdirSync(OWN).map((name): [string, string] => [`.github/workflows/${name}`, readFileSync(join(OWN, name), 'utf8')]),
];

describe('actions', () => {
  test.each(workflows)('%s names each by the commit in actions.json, with its version as a comment', (_, text) => {
    const used = text.split('\n').flatMap((line) => /\buses: (.*)/.exec(line)?.[1] ?? []);
    expect(used.length).toBeGreaterThan(0);
    for (const one of used) {
      const [, repository = ''] = /^([\w-]+\/[\w-]+)/.exec(one) ?? [];
      const { commit, version } = pins.actions[repository as keyof typeof pins.actions];
      expect(one.replace(/^[\w/-]+/, '')).toBe(`@${commit} # ${version}`);
    }
  });

  test('are all in use, by full commit and full version', () => {
    const [[, written = ''] = []] = workflows;
    for (const [name, { commit, version }] of Object.entries(pins.actions)) {
      expect(written).toContain(`uses: ${name}`);
      expect(commit).toMatch(/^[0-9a-f]{40}$/);
      expect(version).toMatch(/^v\d+\.\d+\.\d+$/);
    }
    expect(pins.read).toMatch(/^\d{4}-\d\d-\d\d$/);
  });

  test('are kept current by Dependabot in this repository', () => {
    const { updates } = parse(readFileSync(join(OWN, '../dependabot.yml'), 'utf8'));
    expect(updates).toMatchObject([{ 'package-ecosystem': 'github-actions', directory: '/' }]);
  });
});

type Node = { readonly [key: string]: unknown };
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Scripts of a pipeline, each with the names of the variables that the pipeline gives it. */
function scriptsOf(node: unknown, given: readonly string[] = []): { script: string; given: readonly string[] }[] {
  if (Array.isArray(node)) return node.flatMap((item) => scriptsOf(item, given));
  if (!isNode(node)) return [];
  const names = [...given, ...Object.keys(isNode(node.env) ? node.env : {})];
  const script = node.run ?? node.script ?? (isNode(node.inputs) ? node.inputs.inlineScript : undefined);
  if (typeof script === 'string') return [{ script, given: names }];
  return Object.values(node).flatMap((child) => scriptsOf(child, names));
}

/** Variables that the machines of the providers set. */
const OF_THE_MACHINE = /^(GITHUB|RUNNER|AGENT|SYSTEM|BUILD|PIPELINE)_|^(PWD|HOME)$/;

describe.each([
  ['GitHub', githubWorkflow(STACKS)],
  ['Azure DevOps', azureDevOpsPipeline(STACKS)],
])('the pipeline for %s', (_, text) => {
  const scripts = scriptsOf(parse(text));

  test('gives each script the variables that it reads', () => {
    expect(scripts.length).toBeGreaterThan(5);
    for (const { script, given } of scripts) {
      const read = [...script.matchAll(/\$\{?#?([A-Z][A-Z_]+)\b/g)].map(([, name = '']) => name);
      const set = new Set([...given, ...[...script.matchAll(/\b([A-Z][A-Z_]+)=/g)].map(([, name = '']) => name)]);
      expect(read.filter((name) => !set.has(name) && !OF_THE_MACHINE.test(name))).toEqual([]);
    }
  });

  test('never gives the passphrase as an argument, which others on the machine could read', () => {
    const lines = scripts.flatMap(({ script }) => script.split('\n').filter((line) => line.includes('PLAN_PASSPHRASE')));
    expect(lines.some((line) => line.includes('--symmetric'))).toBe(true);
    for (const line of lines) expect(line).toMatch(/^\s*(case |if \[ )|3<<< "\$PLAN_PASSPHRASE"/);
  });

  test('uses nothing of a sealed plan before gpg has said that it decrypted it, for this stack and this tree', () => {
    const opening = scripts.filter(({ script }) => script.includes('--decrypt'));
    // each apply, the review, and the review of each stack that may be planned again
    expect(opening.length).toBe(STACKS.length + 1 + 2);
    for (const { script } of opening) {
      const at = ['DECRYPTION_OKAY', '"$for_stack" !=', '"$for_tree" !=', '.terraform.lock.hcl|plan.json'].map((part) =>
        script.search(new RegExp(part.replace(/[$"]/g, '\\$&'))),
      );
      expect(at).not.toContain(-1);
      expect(at).toEqual([...at].sort((a, b) => a - b));
    }
  });
});

describe('what is planned again after the merge', () => {
  const workflow = githubWorkflow(STACKS);
  const { jobs } = parse(workflow) as { jobs: { [name: string]: { environment?: string; steps: Node[] } } };
  const { stages } = parse(azureDevOpsPipeline(STACKS)) as { stages: { stage: string; jobs: { steps: Node[] }[] }[] };
  const steps = [
    ['GitHub', jobs.replan_prod_addons?.steps ?? []],
    ['Azure DevOps', stages.find(({ stage }) => stage === 'replan_prod_addons')?.jobs[0]?.steps ?? []],
  ] as const;

  test('is planned by the identity that reads only', () => {
    expect(jobs.replan_prod_addons?.environment).toBe('prod-plan');
    const tasks = steps[1][1].filter(({ task }) => task === 'AzureCLI@2');
    expect(tasks).toMatchObject([{ inputs: { azureSubscription: 'prod-plan' } }]);
  });

  test.each(steps)('can be had by the apply only after the verdict, on %s', (_, all) => {
    const at = (holds: (step: Node) => boolean) => all.findIndex(holds);
    const verdict = at(({ name, displayName }) => `${name ?? displayName}` === 'Verdict on the new plan');
    const artifact = ({ artifact: name, with: given }: Node) => `${name ?? (isNode(given) ? given.name : '')}`;
    expect(at((step) => artifact(step) === 'replan-prod-addons')).toBe(all.length - 1);
    expect(verdict).toBeGreaterThan(at((step) => artifact(step).startsWith('review-prod-addons')));
    expect(verdict).toBeLessThan(all.length - 1);
    expect(verdict).toBeGreaterThan(0);
  });

  test.each(steps)('is sealed before anything of npm is installed beside it, on %s', (_, all) => {
    const text = all.map((step) => JSON.stringify(step));
    const sealing = text.findIndex((step) => step.includes('--symmetric'));
    expect(sealing).toBeGreaterThan(0);
    expect(text[sealing]).toMatch(/\\nrm -f tfplan\\n/);
    expect(text.findIndex((step) => step.includes('npm ci --ignore-scripts'))).toBeGreaterThan(sealing);
  });

  test('has no job for a stack that nothing stands before', () => {
    expect(Object.keys(jobs).filter((name) => name.startsWith('replan_'))).toEqual([
      'replan_prod_foundation',
      'replan_prod_addons',
    ]);
    expect(stages.map(({ stage }) => stage).filter((name) => name.startsWith('replan_'))).toHaveLength(2);
  });
});

test('what was synthesized for another tree is not planned again', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tree-'));
  writeFileSync(join(folder, 'tree.txt'), 'abc\n');
  const ended = (TREE: string) =>
    spawnSync('bash', ['-e', '-c', sameTree(folder).join('\n')], { env: { ...process.env, TREE }, encoding: 'utf8' });
  expect(ended('abc').status).toBe(0);
  expect(ended('def')).toMatchObject({ status: 1, stderr: expect.stringContaining('tree abc, here is def') });
  rmSync(folder, { recursive: true });
});

test('the order of stacks that a pipeline knows is that of all stacks before, near and far', () => {
  expect(JSON.parse(orderOf(STACKS))).toEqual({
    'prod-foundation': ['shared'],
    'prod-addons': ['shared', 'prod-foundation'],
  });
  expect(JSON.parse(orderOf([{ name: 'a', environment: 'a', dependencies: ['of another app'] }]))).toEqual({});
});
