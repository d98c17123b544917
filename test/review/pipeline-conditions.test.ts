import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { azureDevOpsPipeline } from '../../lib/review/templates/azure-devops';
import { githubWorkflow } from '../../lib/review/templates/github';
import { jobName } from '../../lib/review/templates/stack-list';
import * as azureDevOps from './azure-devops-run';
import * as github from './github-run';

// Two stacks before the last one, and one that stands alone beside them.
const STACKS = [
  { name: 'shared', environment: 'shared', dependencies: [] },
  { name: 'prod-foundation', environment: 'prod', dependencies: ['shared'] },
  { name: 'prod-addons', environment: 'prod', dependencies: ['prod-foundation'] },
  { name: 'prod-workloads', environment: 'prod', dependencies: ['prod-foundation', 'prod-addons'] },
  { name: 'dev-foundation', environment: 'dev', dependencies: ['shared'] },
];
const LATER = STACKS.filter(({ dependencies }) => dependencies.length > 0).map(({ name }) => name);

/** All stacks before one. */
const upstreamOf = (name: string): string[] => {
  const direct = STACKS.find((stack) => stack.name === name)?.dependencies ?? [];
  return [...direct, ...direct.flatMap(upstreamOf)];
};

/** All lists with some of these. */
function subsets<T>(items: readonly T[]): T[][] {
  const [first, ...others] = items;
  if (first === undefined) return [[]];
  const rest = subsets(others);
  return [...rest, ...rest.map((some) => [first, ...some])];
}

/** All combinations of one value of each list. */
function combinations<T extends readonly unknown[]>(...lists: { [index in keyof T]: readonly T[index][] }): T[] {
  let found: unknown[][] = [[]];
  for (const list of lists as readonly (readonly unknown[])[])
    found = found.flatMap((one) => list.map((value) => [...one, value]));
  return found as unknown as T[];
}

interface Played {
  readonly pending: string[];
  readonly run?: string;
  readonly ends?: { readonly [job: string]: 'failed' | 'cancelled' };
}

/** For one provider: how each job of a run after the merge ends. */
interface Player {
  readonly name: string;
  readonly play: (given: Played) => Map<string, string>;
}

const JOBS = github.jobsOf(githubWorkflow(STACKS));
const STAGES = azureDevOps.stagesOf(azureDevOpsPipeline(STACKS));

const players: Player[] = [
  {
    name: 'GitHub',
    play: ({ pending, run = '42', ends = {} }) => {
      const words = { failed: 'failure', cancelled: 'cancelled' } as const;
      return github.play(JOBS, {
        event: 'push',
        outputs: { 'find-plan': run === '' ? {} : { run, tree: 'abc', pending: JSON.stringify(pending) } },
        ends: Object.fromEntries(Object.entries(ends).map(([job, end]) => [job === 'find' ? 'find-plan' : job, words[end]])),
      });
    },
  },
  {
    name: 'Azure DevOps',
    play: ({ pending, run = '42', ends = {} }) => {
      const words = { failed: 'Failed', cancelled: 'Canceled' } as const;
      const played = azureDevOps.play(STAGES, {
        variables: { 'Build.SourceBranch': 'refs/heads/main', 'Build.Reason': 'IndividualCI' },
        outputs: {
          find: {
            ...(run === '' ? {} : { 'find.reviewed.run': run }),
            ...Object.fromEntries(pending.map((name) => [`find.pending.again_${jobName(name)}`, 'true'])),
          },
        },
        ends: Object.fromEntries(Object.entries(ends).map(([stage, end]) => [stage, words[end]])),
      });
      const common = {
        Succeeded: 'success',
        SucceededWithIssues: 'success',
        Failed: 'failure',
        Canceled: 'cancelled',
        Skipped: 'skipped',
      };
      return new Map([...played].map(([stage, result]) => [stage, common[result]]));
    },
  },
];

describe.each(players)('after the merge, on $name', ({ play }) => {
  test('every stack is applied, and those that were pending are planned again first, whichever they are', () => {
    for (const pending of subsets(LATER)) {
      const results = play({ pending });
      for (const { name } of STACKS) {
        expect(results.get(`apply_${jobName(name)}`), `${name} with ${pending.join()} pending`).toBe('success');
        const replanned = results.get(`replan_${jobName(name)}`);
        expect(replanned).toBe(LATER.includes(name) ? (pending.includes(name) ? 'success' : 'skipped') : undefined);
      }
      expect([results.get('plan'), results.get('review')]).toEqual(['skipped', 'skipped']);
    }
  });

  test('nothing is planned or applied after an apply or a plan that failed or was cancelled, and all else goes on', () => {
    const ends = STACKS.flatMap(({ name }) => [`apply_${jobName(name)}`, `replan_${jobName(name)}`]);
    let played = 0;
    for (const [pending, broken, end] of combinations<[string[], string, 'failed' | 'cancelled']>(subsets(LATER), ends, [
      'failed',
      'cancelled',
    ])) {
      const results = play({ pending, ends: { [broken]: end } });
      if (results.get(broken) === 'skipped' || !results.has(broken)) continue;
      played += 1;
      for (const { name } of STACKS) {
        const isHit = [name, ...upstreamOf(name)].some((one) => broken === `replan_${jobName(one)}`);
        const follows = isHit || upstreamOf(name).some((one) => broken === `apply_${jobName(one)}`);
        const own = broken === `apply_${jobName(name)}`;
        const expected = own ? (end === 'failed' ? 'failure' : 'cancelled') : follows ? 'skipped' : 'success';
        expect(results.get(`apply_${jobName(name)}`), `${name} after ${broken} ${end}, ${pending.join()} pending`).toBe(expected);
        if (!LATER.includes(name) || broken === `replan_${jobName(name)}`) continue;
        const waits = upstreamOf(name).some((one) => [`apply_${jobName(one)}`, `replan_${jobName(one)}`].includes(broken));
        expect(results.get(`replan_${jobName(name)}`)).toBe(!waits && pending.includes(name) ? 'success' : 'skipped');
      }
    }
    expect(played).toBe(2 * (5 * 16 + 4 * 8)); // each apply with each list, each plan with those that name it
  });

  test('nothing at all happens where no reviewed plan is found, or the search fails', () => {
    for (const given of [
      { pending: [], run: '' },
      { pending: LATER, ends: { find: 'failed' as const } },
    ]) {
      const results = play(given);
      const acting = [...results].filter(([job]) => /^(?:apply|replan)_/.test(job));
      expect(acting).toHaveLength(9);
      expect(acting.filter(([, result]) => result !== 'skipped')).toEqual([]);
    }
  });
});

describe('conditions of GitHub, in all situations', () => {
  const RESULTS = ['success', 'failure', 'cancelled', 'skipped'] as const;
  type Result = (typeof RESULTS)[number];
  const situation = (
    pending: boolean,
    run: string,
    cancelled: boolean,
    results: { [job: string]: Result },
  ): github.Situation => ({
    event: 'push',
    cancelled,
    needs: Object.fromEntries(
      Object.entries(results).map(([job, result]) => {
        const found = { run, tree: 'abc', pending: JSON.stringify(pending ? ['prod-workloads'] : ['prod-workloads-too']) };
        return [job, { result, outputs: job === 'find-plan' && result === 'success' && run !== '' ? found : {} }];
      }),
    ),
    // somewhere further back there is always a job that was skipped
    before: [...Object.values(results), 'skipped'],
  });

  test('of an apply', () => {
    const { condition = '', needs = [] } = JOBS.get('apply_prod_workloads') ?? {};
    expect(needs).toEqual(['find-plan', 'apply_prod_foundation', 'apply_prod_addons', 'replan_prod_workloads']);
    let applied = 0;
    for (const [pending, run, cancelled, find, foundation, addons, replan] of combinations<
      [boolean, string, boolean, Result, Result, Result, Result]
    >([true, false], ['42', ''], [true, false], RESULTS, RESULTS, RESULTS, RESULTS)) {
      const results = {
        'find-plan': find,
        apply_prod_foundation: foundation,
        apply_prod_addons: addons,
        replan_prod_workloads: replan,
      };
      const expected =
        !cancelled &&
        [find, foundation, addons].every((result) => result === 'success') &&
        run !== '' &&
        replan === (pending ? 'success' : 'skipped');
      if (expected) applied += 1;
      const told = JSON.stringify({ pending, run, cancelled, ...results });
      expect(github.runs(condition, situation(pending, run, cancelled, results)), told).toBe(expected);
    }
    expect(applied).toBe(2);
  });

  test('of planning again', () => {
    const { condition = '', needs = [] } = JOBS.get('replan_prod_workloads') ?? {};
    expect(needs).toEqual(['find-plan', 'apply_prod_foundation', 'apply_prod_addons']);
    for (const [pending, run, cancelled, find, foundation, addons] of combinations<
      [boolean, string, boolean, Result, Result, Result]
    >([true, false], ['42', ''], [true, false], RESULTS, RESULTS, RESULTS)) {
      const results = { 'find-plan': find, apply_prod_foundation: foundation, apply_prod_addons: addons };
      const expected = pending && run !== '' && !cancelled && [find, foundation, addons].every((result) => result === 'success');
      expect(github.runs(condition, situation(pending, run, cancelled, results))).toBe(expected);
    }
  });

  test('the apply is told which plan to take by the same list', () => {
    const { env } = JOBS.get('apply_prod_workloads') ?? {};
    const results = { 'find-plan': 'success' } as const;
    expect(github.textOf(env?.PENDING ?? '', situation(true, '42', false, results))).toBe('true');
    expect(github.textOf(env?.PENDING ?? '', situation(false, '42', false, results))).toBe('false');
    expect(JOBS.get('apply_shared')?.env.PENDING).toBeUndefined();
  });

  test('the player knows the rule that a condition without a status function has success() before it', () => {
    const facts = situation(false, '42', false, { 'find-plan': 'success' });
    expect(github.runs("needs.find-plan.outputs.run != ''", facts)).toBe(false);
    expect(github.runs("needs.find-plan.outputs.run != ''", { ...facts, before: ['success'] })).toBe(true);
    expect(github.runs("${{ !cancelled() && needs.find-plan.outputs.run != '' }}", facts)).toBe(true);
    expect(github.runs('', facts)).toBe(false);
  });
});

describe('conditions of Azure DevOps, in all situations', () => {
  const RESULTS = ['Succeeded', 'SucceededWithIssues', 'Failed', 'Canceled', 'Skipped'] as const;
  type Result = (typeof RESULTS)[number];
  const WELL: readonly Result[] = ['Succeeded', 'SucceededWithIssues'];

  test('of an apply and of planning again', () => {
    const [apply, replan] = [STAGES.get('apply_prod_workloads'), STAGES.get('replan_prod_workloads')];
    expect(apply?.needs).toEqual(['find', 'apply_prod_foundation', 'apply_prod_addons', 'replan_prod_workloads']);
    expect(replan?.needs).toEqual(['find', 'apply_prod_foundation', 'apply_prod_addons']);
    let applied = 0;
    for (const [pending, run, canceled, find, foundation, addons, again] of combinations<
      [boolean, string, boolean, Result, Result, Result, Result]
    >([true, false], ['42', ''], [true, false], RESULTS, RESULTS, RESULTS, RESULTS)) {
      const outputs = {
        ...(run === '' ? {} : { 'find.reviewed.run': run }),
        [`find.pending.again_${pending ? 'prod_workloads' : 'prod_addons'}`]: 'true',
      };
      const direct = {
        find: { result: find, outputs },
        apply_prod_foundation: { result: foundation },
        apply_prod_addons: { result: addons },
      };
      const ready = !canceled && run !== '' && [find, foundation, addons].every((result) => WELL.includes(result));
      const facts = { canceled, before: ['Skipped'] as const };
      expect(azureDevOps.holds(replan?.condition ?? '', { ...facts, dependencies: direct })).toBe(ready && pending);
      const dependencies = { ...direct, replan_prod_workloads: { result: again } };
      const expected = ready && (pending ? WELL.includes(again) : again === 'Skipped');
      if (expected) applied += 1;
      const told = JSON.stringify({ pending, run, canceled, dependencies });
      expect(azureDevOps.holds(apply?.condition ?? '', { ...facts, dependencies }), told).toBe(expected);
    }
    expect(applied).toBe(2 ** 3 * 2 + 2 ** 3); // each that went well, with or without remarks
  });

  test('the apply downloads one plan: of this run where the stack was planned again, else of the pull request', () => {
    const downloads = (parse(JSON.stringify(STAGES.get('apply_prod_workloads')?.jobs)) as object[]).flatMap((job) =>
      tasksOf(job).filter(({ inputs }) => inputs?.artifactName?.endsWith('plan-prod-workloads')),
    );
    const taken = (pending?: string) =>
      downloads
        .filter(({ condition = 'succeeded()' }) =>
          azureDevOps.holds(condition, { variables: pending === undefined ? {} : { pending } }),
        )
        .map(({ inputs }) => [inputs?.artifactName, inputs?.buildType, inputs?.pipelineId]);
    expect(taken('true')).toEqual([['replan-prod-workloads', 'current', undefined]]);
    expect(taken('')).toEqual([['plan-prod-workloads', 'specific', '$(run)']]);
    expect(taken()).toEqual([['plan-prod-workloads', 'specific', '$(run)']]);
  });

  test('every environment is asked for in a stage that comes after the one that plans again, as approvals come before a stage', () => {
    for (const name of LATER) {
      expect(STAGES.get(`apply_${jobName(name)}`)?.needs).toContain(`replan_${jobName(name)}`);
      expect(JSON.stringify(STAGES.get(`replan_${jobName(name)}`)?.jobs)).not.toMatch(
        /"environment"|"azureSubscription":"\w+-apply"/,
      );
    }
  });

  test('the player reads what it knows, and nothing else', () => {
    const facts = { variables: { a: 'X' }, before: ['Skipped'] as const };
    expect(azureDevOps.holds("and(eq(variables['a'], 'x'), ne(variables['b'], 'x'), eq(variables['b'], ''))", facts)).toBe(true);
    expect(azureDevOps.holds('succeeded()', facts)).toBe(false);
    expect(azureDevOps.holds("in('b', 'a', 'B')", facts)).toBe(true);
    for (const other of ["startsWith('a', 'a')", "eq('a', 'a') x", "eq(dependencies.x.result, 'Failed')", "and(eq('a' 'a'))"])
      expect(() => azureDevOps.holds(other, facts)).toThrow();
  });
});

interface Task {
  readonly condition?: string;
  readonly inputs?: { readonly [name: string]: string | undefined };
}

function tasksOf(node: unknown): Task[] {
  if (Array.isArray(node)) return node.flatMap(tasksOf);
  if (typeof node !== 'object' || node === null) return [];
  return 'task' in node ? [node as Task] : Object.values(node).flatMap(tasksOf);
}
