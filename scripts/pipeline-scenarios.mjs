// What the pipelines must come to, from pull requests to applied stacks, with the real Terraform: stacks that read the state of others
// by terraform_remote_state, and hold nothing but terraform_data.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { playAzureDevOps, playGitHub } from './pipeline-runs.mjs';
import { bin, run } from './run.mjs';

const POLICY = { version: 1, default: { approve: ['replace'], block: ['destroy', 'incomplete'] }, environments: {} };
const LATER = ['prod-addons', 'prod-alerts', 'prod-workloads'];

/**
 * Four stacks: the add-ons read an output of the foundation and the workloads one of the add-ons; alerts come after the foundation and
 * read nothing of it. What the add-ons make besides depends on what they read.
 */
function synthesized(states, { pool = 'one', alert = 'a', reads = 'pool', order = true } = {}) {
  const backend = (name) => ({ local: { path: join(states, `${name}.tfstate`) } });
  const reading = (name) => ({ terraform_remote_state: { base: { backend: 'local', config: backend(name).local } } });
  const data = (input) => ({ terraform_data: { own: { input } } });
  const own = '${terraform_data.own.output}';
  const read = `\${data.terraform_remote_state.base.outputs.${reads}}`;
  const stacks = {
    'prod-foundation': { resource: data(pool), output: { pool: { value: own } } },
    'prod-alerts': { resource: data(alert) },
    'prod-addons': {
      data: reading('prod-foundation'),
      resource: {
        terraform_data: { own: { input: read }, small: { count: `\${${read.slice(2, -1)} == "four" ? 0 : 1}`, input: 'x' } },
      },
      output: { addon: { value: own } },
    },
    'prod-workloads': { data: reading('prod-addons'), resource: data('${data.terraform_remote_state.base.outputs.addon}') },
  };
  const dependencies = {
    'prod-foundation': [],
    'prod-alerts': ['prod-foundation'],
    'prod-addons': order ? ['prod-foundation'] : [],
    'prod-workloads': ['prod-addons'],
  };
  const entry = (name) => ({ name, synthesizedStackPath: `stacks/${name}/cdk.tf.json`, dependencies: dependencies[name] });
  const manifest = { stacks: Object.fromEntries(Object.keys(stacks).map((name) => [name, entry(name)])) };
  const files = { 'manifest.json': JSON.stringify(manifest) };
  for (const [name, json] of Object.entries(stacks)) {
    files[`stacks/${name}/cdk.tf.json`] = JSON.stringify({ terraform: { backend: backend(name) }, ...json });
    // Only a provider makes Terraform write one.
    files[`stacks/${name}/.terraform.lock.hcl`] = '';
  }
  return files;
}

function write(folder, files) {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** git in a folder, as somebody. */
export function gitIn(folder, expect) {
  return (...args) => {
    const { code, output } = run('git', ['-c', 'user.name=t', '-c', 'user.email=t@t.example', ...args], {
      cwd: folder,
      quiet: true,
    });
    expect(code === 0, output);
    return output.trim();
  };
}

/** The pipeline for these stacks, as `init ci` writes it into a folder. */
export function writePipeline(provider, folder, change) {
  write(folder, synthesized(folder, change));
  const args = ['lib/review/main.ts', 'init', 'ci', folder, '--provider', provider, '--into', folder];
  const { code, output } = run(bin('tsx'), args, { quiet: true });
  if (code !== 0) throw new Error(output);
  return join(folder, provider === 'github' ? '.github/workflows/infrastructure.yml' : 'azure-pipelines.yml');
}

export function playScenarios(provider, { work, stubs, check, expect }) {
  const isGitHub = provider === 'github';
  const at = (name) => join(work, `${provider}-runs-${name}`);
  const [project, states, store, answers, places] = ['project', 'states', 'store', 'answers', 'places'].map(at);
  for (const folder of [project, states, store, answers, places]) mkdirSync(folder);
  const calls = at('calls');
  writeFileSync(calls, '');
  const git = gitIn(project, expect);
  const commit = (change) => {
    write(join(project, 'synth'), synthesized(states, change));
    git('add', '-A');
    git('commit', '-qm', 'change');
    return git('rev-parse', 'HEAD');
  };
  const pipelineOf = (change) => {
    const file = writePipeline(provider, mkdtempSync(at('pipeline-')), change);
    return parse(readFileSync(file, 'utf8'));
  };
  const answer = (name, content) =>
    writeFileSync(join(answers, name), typeof content === 'string' ? content : JSON.stringify(content));
  answer('comments', '');
  answer('threads', { value: [] });

  const env = {
    PATH: `${stubs}:${process.env.PATH}`,
    HOME: process.env.HOME ?? '/',
    TF_IN_AUTOMATION: '1',
    CHECKPOINT_DISABLE: '1',
    CALLS: calls,
    ANSWERS: answers,
    SYSTEM_ACCESSTOKEN: 'token-of-the-job',
  };
  let pipeline = pipelineOf();
  let ids = 100;
  const play = (event, commitId, more = {}) => {
    ids += 1;
    mkdirSync(join(store, String(ids)));
    const secrets = isGitHub ? { PLAN_PASSPHRASE: 'a passphrase of the test' } : { planPassphrase: 'a passphrase of the test' };
    const given = { work: places, store, id: ids, env, event, project, commit: commitId, secrets, ...more };
    return { ...(isGitHub ? playGitHub(pipeline, given) : playAzureDevOps(pipeline, given)), id: ids };
  };
  const review = (run, name = 'review') => JSON.parse(readFileSync(join(store, String(run.id), name, 'review.json'), 'utf8'));
  const pull = (change) => {
    const base = git('rev-parse', 'main');
    git('checkout', '-q', '-B', 'change', 'main');
    return play('pull_request', commit(change), { base });
  };
  const merge = (reviewed) => {
    git('checkout', '-q', 'main');
    git('merge', '-q', '--ff-only', 'change');
    const [head, tree] = [git('rev-parse', 'HEAD'), git('rev-parse', 'HEAD^{tree}')];
    answer('head', `${head}\n`);
    answer('run', `${reviewed.id}\n`);
    answer('tree', `${tree}\n`);
    answer('pull', { results: [{ [head]: [{ pullRequestId: 5 }] }] });
    answer('builds', { value: [{ id: reviewed.id }] });
    return play('push', head);
  };
  const key = (name) => name.replace(/\W/g, '_');
  const all = (run) => [...run.told].map(([name, text]) => `--- ${name}\n${text}`).join('\n');
  const resultsOf = (run, kind, names = LATER) => names.map((name) => run.results.get(`${kind}_${key(name)}`)).join();
  const input = (name) => {
    const path = join(states, `${name}.tfstate`);
    if (!existsSync(path)) return undefined;
    return JSON.parse(readFileSync(path, 'utf8')).resources.find((one) => one.name === 'own' && one.mode === 'managed')
      ?.instances[0].attributes.input.value;
  };
  const inputs = () => ['prod-foundation', ...LATER].map(input).join();
  const went = (run, expected) =>
    expect(
      Object.entries(expected).every(([job, result]) => run.results.get(job) === result),
      `${JSON.stringify([...run.results])}\n${all(run)}`,
    );
  const title = (text) => `${provider}: ${text}`;
  const reviewJob = 'review';

  git('init', '-q', '-b', 'main');
  write(project, {
    'review.yaml': JSON.stringify(POLICY),
    '.gitignore': 'cdktf.out\nbase.out\nreview\n',
    'package-lock.json': '{}',
  });
  commit({ pool: 'none' });

  let reviewed;
  check(title('a first deployment is reviewed: what cannot be planned yet waits, and is told'), () => {
    reviewed = pull({ pool: 'one' });
    went(reviewed, { plan: 'success', [reviewJob]: 'success' });
    const { upstreamPending, inputs: stacks, verdict } = review(reviewed);
    const told = JSON.stringify([
      upstreamPending.map(({ stack }) => stack),
      stacks.filter((one) => one.unplanned).map(({ stack }) => stack),
      verdict.exitCode,
    ]);
    expect(told === JSON.stringify([LATER, ['prod-addons', 'prod-workloads'], 0]), told);
    const text = readFileSync(join(store, String(reviewed.id), 'review/review.md'), 'utf8');
    expect(text.includes('waits for prod-foundation, which is new'), text);
    expect(!existsSync(join(store, String(reviewed.id), 'plan-prod-addons/plan.sealed')), 'there is a plan');
  });
  check(title('of a plan that failed nothing leaves the job but the fact'), () => {
    for (const name of ['prod-addons', 'prod-workloads']) {
      const folder = join(store, String(reviewed.id), `plan-${name}`);
      expect(readdirSync(folder).join() === 'unplanned.txt', readdirSync(folder).join());
      expect(readFileSync(join(folder, 'unplanned.txt'), 'utf8') === `${name}\n`, 'it says more');
    }
  });
  check(title('after the merge it goes through: each stack is planned, reviewed and applied once what it reads stands'), () => {
    const merged = merge(reviewed);
    expect(resultsOf(merged, 'replan') === 'success,success,success', all(merged));
    expect(resultsOf(merged, 'apply') === 'success,success,success', all(merged));
    expect(inputs() === 'one,one,a,one', inputs());
    expect(
      review(merged, isGitHub ? 'review-prod-workloads' : 'review-prod-workloads-1')
        .inputs.map(({ kind }) => kind)
        .join() === 'plan',
      'not a plan',
    );
    expect(merged.summary.includes('terraform\\_data.own') || merged.summary.includes('terraform_data.own'), merged.summary);
    const asked = merged.environments.join(' ');
    const order = isGitHub
      ? /^prod (?:prod-plan prod ){2}prod-plan prod$/
      : /^prod as prod-apply (?:as prod-plan prod as prod-apply ?){3}$/;
    expect(order.test(asked), asked);
  });
  check(
    title('a stack whose plan is out of date is planned again, and so is what comes after it; another is applied from its plan'),
    () => {
      reviewed = pull({ pool: 'two', alert: 'b' });
      went(reviewed, { plan: 'success', [reviewJob]: 'success' });
      const { upstreamPending } = review(reviewed);
      expect(upstreamPending.map(({ stack }) => stack).join() === 'prod-addons,prod-workloads', JSON.stringify(upstreamPending));
      const merged = merge(reviewed);
      expect(resultsOf(merged, 'replan') === 'success,skipped,success', all(merged));
      expect(resultsOf(merged, 'apply') === 'success,success,success', all(merged));
      // The plan of the pull request would have left "one" in the add-ons.
      expect(inputs() === 'two,two,b,two', inputs());
      const artifacts = readdirSync(join(store, String(merged.id)));
      expect(!artifacts.includes('replan-prod-alerts') && artifacts.includes('replan-prod-addons'), artifacts.join());
    },
  );
  const night = () => play('schedule', git('rev-parse', 'main'));
  check(title('at night all is well where everything was applied'), () =>
    went(night(), { plan: 'success', [reviewJob]: 'success' }),
  );
  check(title('an apply that fails stops all that comes after it'), () => {
    reviewed = pull({ pool: 'three', alert: 'c' });
    went(reviewed, { [reviewJob]: 'success' });
    // Somebody else applied in between: Terraform refuses the plan.
    const state = join(states, 'prod-foundation.tfstate');
    const json = JSON.parse(readFileSync(state, 'utf8'));
    writeFileSync(state, JSON.stringify({ ...json, serial: json.serial + 1 }));
    const merged = merge(reviewed);
    went(merged, { apply_prod_foundation: 'failure' });
    expect(/stale/.test(all(merged)), all(merged));
    expect(resultsOf(merged, 'replan') === 'skipped,skipped,skipped', all(merged));
    expect(resultsOf(merged, 'apply') === 'skipped,skipped,skipped', all(merged));
    expect(inputs() === 'two,two,b,two', inputs());
    const { told, results } = night();
    expect(results.get(reviewJob) === 'failure' && told.get(reviewJob).includes('never applied'), told.get(reviewJob));
  });
  check(title('a new plan that the policy blocks is not applied, nor what comes after it; what stands beside is'), () => {
    reviewed = pull({ pool: 'four', alert: 'd' });
    went(reviewed, { [reviewJob]: 'success' });
    const merged = merge(reviewed);
    expect(resultsOf(merged, 'replan') === 'failure,skipped,skipped', all(merged));
    expect(resultsOf(merged, 'apply') === 'skipped,success,skipped', all(merged));
    expect(/blocked by the policy/.test(all(merged)), all(merged));
    expect(inputs() === 'four,two,d,two', inputs());
    const artifacts = readdirSync(join(store, String(merged.id)));
    expect(!artifacts.includes('replan-prod-addons'), 'the blocked plan can be had');
    expect(merged.summary.includes('Blocked by policy'), merged.summary);
  });
  check(title('a plan that fails without a new stack before it is blocked, and said to be incomplete'), () => {
    const failing = pull({ pool: 'four', reads: 'nothing' });
    went(failing, { plan: 'success', [reviewJob]: 'failure' });
    const { verdict, upstreamPending } = review(failing);
    const blocked = verdict.reasons.find(({ trigger }) => trigger === 'incomplete');
    expect(verdict.exitCode === 4 && blocked?.examples.join() === 'prod-addons is not planned', JSON.stringify(verdict));
    expect(!upstreamPending.some(({ stack }) => stack === 'prod-addons'), JSON.stringify(upstreamPending));
  });
  check(title('a plan that fails after the merge ends there: what waited for it is neither planned nor applied'), () => {
    for (const name of ['prod-foundation', 'prod-addons', 'prod-workloads']) rmSync(join(states, `${name}.tfstate`));
    reviewed = pull({ pool: 'five', reads: 'nothing', alert: 'e' });
    went(reviewed, { [reviewJob]: 'success' });
    const merged = merge(reviewed);
    went(merged, { apply_prod_foundation: 'success' });
    expect(resultsOf(merged, 'replan') === 'failure,success,skipped', all(merged));
    expect(resultsOf(merged, 'apply') === 'skipped,success,skipped', all(merged));
    expect(inputs() === 'five,,e,', inputs());
  });
  check(title('a pipeline that was written for another order of the stacks says so'), () => {
    pipeline = pipelineOf({ order: false });
    const strange = pull({ pool: 'six' });
    went(strange, { [reviewJob]: 'failure' });
    expect(all(strange).includes('prod-addons after prod-foundation; run ml-platform init ci again'), all(strange));
  });
}
