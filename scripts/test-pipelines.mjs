// `npm run test:pipelines`: the pipelines that `ml-platform init ci` writes. actionlint reads them, and the scripts of their steps run
// here, from plan to apply, with the real Terraform on a stack that needs no provider; GitHub and Azure DevOps are played by stubs.
// Then whole runs are played: a first deployment, stacks that are planned again, and what must stop them.
// Closes with "N passed, N failed". What could not run says so, and is not counted as passed.
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { gitIn, playScenarios, writePipeline } from './pipeline-scenarios.mjs';
import { bin, root, run } from './run.mjs';

const ACTIONLINT = 'github.com/rhysd/actionlint/cmd/actionlint@v1.7.7';
const STACK = 'prod-foundation';
const work = mkdtempSync(join(tmpdir(), 'pipelines-'));
let passed = 0;
let failed = 0;

function check(name, test) {
  try {
    test();
    passed += 1;
    process.stdout.write(`✓ ${name}\n`);
  } catch (error) {
    failed += 1;
    process.stdout.write(`✗ ${name}\n  ${error.message.split('\n').join('\n  ')}\n`);
  }
}
const expect = (fact, message) => {
  if (!fact) throw new Error(message);
};
const notRun = (what, why) => process.stdout.write(`${what} was NOT run: ${why}\n`);
const has = (tool, argument = '--version') => spawnSync(tool, [argument], { stdio: 'ignore' }).status === 0;

/** A project with one stack of one terraform_data, synthesized, and the pipelines for it. */
function makeProject(name) {
  const project = join(work, name);
  const stack = join(project, 'cdktf.out/stacks', STACK);
  mkdirSync(stack, { recursive: true });
  const entry = { name: STACK, synthesizedStackPath: `stacks/${STACK}/cdk.tf.json`, dependencies: [] };
  writeFileSync(join(project, 'cdktf.out/manifest.json'), JSON.stringify({ stacks: { [STACK]: entry } }));
  const variable = { pool_token: { type: 'string', sensitive: true } };
  const resource = { terraform_data: { pool: { input: { size: 'large', note: '${var.pool_token}' } } } };
  writeFileSync(join(stack, 'cdk.tf.json'), JSON.stringify({ variable, resource }));
  // Only a provider makes Terraform write one.
  writeFileSync(join(stack, '.terraform.lock.hcl'), '');
  const git = gitIn(project, expect);
  writeFileSync(join(project, '.gitignore'), 'cdktf.out\nreview\nsealed\nplans\n');
  git('init', '-q');
  git('add', '.gitignore');
  git('commit', '-qm', 'first');
  for (const provider of ['github', 'azure-devops']) {
    const { code, output } = run(
      bin('tsx'),
      ['lib/review/main.ts', 'init', 'ci', join(project, 'cdktf.out'), '--provider', provider, '--into', project],
      { quiet: true },
    );
    expect(code === 0, output);
  }
  return { project, stack, tree: git('rev-parse', 'HEAD^{tree}') };
}

/** Programs that stand in for what is not here: `gh` and `curl` write down what they are asked, and answer from files. */
function makeStubs() {
  const folder = join(work, 'bin');
  mkdirSync(folder);
  const stub = (name, lines) => {
    writeFileSync(join(folder, name), ['#!/usr/bin/env bash', 'set -euo pipefail', ...lines, ''].join('\n'));
    chmodSync(join(folder, name), 0o755);
  };
  stub('npx', [
    '# a project of the scenarios has what it synthesizes in a folder',
    'if [ "$*" = "cdktf synth" ]; then cp -R synth cdktf.out; exit 0; fi',
    'if [ "$1" != ml-platform ]; then echo "unexpected: npx $*" >&2; exit 9; fi',
    `shift; exec "${bin('tsx')}" "${join(root, 'lib/review/main.ts')}" "$@"`,
  ]);
  stub('npm', ['[ "$*" = "ci --ignore-scripts" ]']);
  stub('az', ['echo 00000000-0000-0000-0000-000000000001']);
  stub('gh', [
    'printf "%s\\n" "$*" >> "$CALLS"',
    'if [ "$1 $2" = "run download" ]; then',
    '  name=""; dir=.; from="$ARTIFACTS/$3"; [ -d "$from" ] || from=$ARTIFACTS',
    '  while [ $# -gt 0 ]; do case "$1" in --name) name=$2; shift ;; --dir) dir=$2; shift ;; esac; shift; done',
    '  mkdir -p "$dir"; cp -a "$from/$name/." "$dir"',
    'elif [[ "$*" == *"/comments --jq"* ]]; then cat "$ANSWERS/comments"',
    'elif [[ "$*" == *"/pulls --jq"* ]]; then cat "$ANSWERS/head"',
    'elif [[ "$*" == *"run list"* ]]; then cat "$ANSWERS/run"',
    'elif [[ "$*" == *"/git/commits/"* ]]; then cat "$ANSWERS/tree"; fi',
  ]);
  stub('curl', [
    'printf "%s\\n" "$*" >> "$CALLS"',
    'if [[ "$*" == *"--data @-"* ]]; then cat >> "$CALLS"; fi',
    'if [[ "$*" == *pullrequestquery* ]]; then cat "$ANSWERS/pull"',
    'elif [[ "$*" == *_apis/build/builds* ]]; then cat "$ANSWERS/builds"',
    'elif [[ "$*" == *"/threads?"* && "$*" != *"-X "* ]]; then cat "$ANSWERS/threads"; fi',
  ]);
  return folder;
}

/** All steps of a pipeline, with what they run. */
function stepsOf(node) {
  if (Array.isArray(node)) {
    return node.flatMap((item) => {
      const script = item?.run ?? item?.script ?? item?.inputs?.inlineScript;
      if (typeof script === 'string') return [{ name: item.displayName ?? item.name ?? item.id ?? '', script }];
      return stepsOf(item);
    });
  }
  return node && typeof node === 'object' ? Object.values(node).flatMap(stepsOf) : [];
}

function lint(project) {
  const own = join(work, 'actionlint');
  const path = process.env.ACTIONLINT ?? (has('actionlint', '-version') ? 'actionlint' : own);
  if (path === own) {
    const built = spawnSync('go', ['install', ACTIONLINT], { env: { ...process.env, GOBIN: work }, encoding: 'utf8' });
    if (built.status !== 0) return notRun('actionlint', 'it is not installed, and Go cannot build it here');
  }
  const files = [
    join(project, '.github/workflows/infrastructure.yml'),
    writePipeline('github', mkdtempSync(join(work, 'ordered-'))),
    ...readdirSync(join(root, '.github/workflows')).map((name) => join(root, '.github/workflows', name)),
  ];
  check('actionlint finds nothing in the workflows', () => {
    const { code, output } = run(path, ['-no-color', ...files], { quiet: true });
    expect(code === 0, output);
  });
}

function runSteps(provider, stubs) {
  const { project, stack, tree } = makeProject(provider);
  const isGitHub = provider === 'github';
  const file = isGitHub ? '.github/workflows/infrastructure.yml' : 'azure-pipelines.yml';
  const steps = stepsOf(parse(readFileSync(join(project, file), 'utf8')));
  const [temporary, artifacts, answers] = ['temporary', 'artifacts', 'answers'].map((name) => {
    const folder = join(work, `${provider}-${name}`);
    mkdirSync(folder);
    return folder;
  });
  const calls = join(work, `${provider}-calls`);
  const outputs = join(work, `${provider}-outputs`);
  const base = {
    PATH: `${stubs}:${process.env.PATH}`,
    HOME: process.env.HOME ?? '/',
    TF_IN_AUTOMATION: '1',
    CHECKPOINT_DISABLE: '1',
    PLAN_PASSPHRASE: 'a passphrase of the test',
    STACK,
    TF_VAR_pool_token: 'planted-token-value',
    CALLS: calls,
    ARTIFACTS: artifacts,
    ANSWERS: answers,
    GITHUB_OUTPUT: outputs,
    GITHUB_STEP_SUMMARY: join(work, 'summary'),
    GITHUB_REPOSITORY: 'contoso/ml',
    GITHUB_SHA: 'merged',
    GITHUB_WORKSPACE: project,
    RUNNER_TEMP: temporary,
    AGENT_TEMPDIRECTORY: temporary,
    PIPELINE_WORKSPACE: artifacts,
    SYSTEM_COLLECTIONURI: 'https://dev.azure.example/contoso/',
    SYSTEM_TEAMPROJECTID: 'ml',
    SYSTEM_DEFINITIONID: '7',
    SYSTEM_ACCESSTOKEN: 'token-of-the-job',
    BUILD_REPOSITORY_ID: 'repository',
    BUILD_SOURCEVERSION: 'merged',
    servicePrincipalId: 'x',
    tenantId: 'x',
    idToken: 'x',
    RUN: '42',
    PULL: '5',
  };
  const step = (name, { cwd = project, env = {} } = {}) => {
    const found = steps.find((one) => one.name === name);
    expect(found, `there is no step "${name}"`);
    writeFileSync(outputs, '');
    writeFileSync(calls, '');
    const result = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', found.script], {
      cwd,
      env: { ...base, ...env },
      encoding: 'utf8',
    });
    const told = `${result.stdout}${result.stderr}${readFileSync(outputs, 'utf8')}`;
    return { code: result.status, told, asked: readFileSync(calls, 'utf8') };
  };
  const must = (result) => {
    expect(result.code === 0, `it ended with ${result.code}:\n${result.told}`);
    return result;
  };
  const answer = (name, content) =>
    writeFileSync(join(answers, name), typeof content === 'string' ? content : JSON.stringify(content));
  const title = (text) => `${provider}: ${text}`;
  const sealed = join(temporary, 'sealed/plan.sealed');

  check(title('no script holds an expression that the provider would paste text of a stranger into'), () => {
    const pasted = steps.filter(({ script }) => script.includes('${{'));
    expect(pasted.length === 0, pasted.map(({ name }) => name).join(', '));
  });
  check(title('the plan is made, and sealed without a trace in clear'), () => {
    must(step('Name the tree that is planned'));
    expect(readFileSync(join(project, 'cdktf.out/tree.txt'), 'utf8').trim() === tree, 'it names another tree');
    if (isGitHub) must({ ...spawnTerraformInit(stack) });
    must(step('Plan', { cwd: stack }));
    if (isGitHub) must(step('Seal the plan, which holds secrets', { cwd: stack }));
    expect(!existsSync(join(stack, 'plan.json')) && !existsSync(join(stack, 'plan.log')), 'the plan is left in clear');
    const bytes = readFileSync(sealed);
    expect(!bytes.includes('planted-token-value') && !bytes.includes(STACK), 'it is not sealed');
    mkdirSync(join(artifacts, `plan-${STACK}`));
    cpSync(sealed, join(artifacts, `plan-${STACK}/plan.sealed`));
    cpSync(join(project, 'cdktf.out'), join(artifacts, 'synth'), { recursive: true });
    for (const secret of ['tfplan', 'plan.sealed']) rmSync(join(artifacts, 'synth/stacks', STACK, secret), { force: true });
    if (isGitHub) cpSync(artifacts, join(project, 'plans'), { recursive: true });
  });
  check(title('without a passphrase nothing is sealed'), () => {
    const name = isGitHub ? 'Seal the plan, which holds secrets' : 'Plan';
    const before = readFileSync(sealed);
    for (const PLAN_PASSPHRASE of ['', '$(planPassphrase)', 'a first line that is long\nand another', 'too short'])
      expect(step(name, { cwd: stack, env: { PLAN_PASSPHRASE } }).code !== 0, `it goes on with "${PLAN_PASSPHRASE}"`);
    expect(readFileSync(sealed).equals(before), 'it is written anew');
    rmSync(join(stack, 'plan.json'), { force: true });
    rmSync(join(stack, 'plan.log'), { force: true });
  });
  check(title('the review reads the sealed plan, and says what it comes to'), () => {
    const { told } = must(step('Review', { env: { REASON: 'PullRequest', EVENT: 'pull_request' } }));
    expect(isGitHub ? told.includes('code=0') : told.includes('variable=reviewCode]0'), told);
    const files = readdirSync(join(project, 'review')).sort().join();
    expect(files === 'review.html,review.json,review.md,review.sarif,review.txt', files);
    const text = readFileSync(join(project, 'review/review.md'), 'utf8');
    expect(text.includes('terraform_data.pool'), text);
    expect(
      !readFileSync(join(project, 'review/review.json'), 'utf8').includes('planted-token-value'),
      'a secret is in the review',
    );
    expect(!existsSync(join(temporary, STACK, 'plan.json')), 'the plan is left in clear');
  });
  check(title('at night any change asks'), () => {
    const { told } = must(step('Review', { env: { REASON: 'Schedule', EVENT: 'schedule' } }));
    expect(isGitHub ? told.includes('code=3') : told.includes('variable=reviewCode]3'), told);
  });
  check(title('the comment is made once, and written over by the next run'), () => {
    const marker = readFileSync(join(project, 'review/review.md'), 'utf8').split('\n')[0];
    if (isGitHub) {
      answer('comments', '');
      expect(
        must(step('Comment on the pull request')).asked.includes('-X POST repos/contoso/ml/issues/5/comments'),
        'no new one',
      );
      answer('comments', `7\tanything else\n9\t${marker}\n`);
      expect(
        must(step('Comment on the pull request')).asked.includes('-X PATCH repos/contoso/ml/issues/comments/9'),
        'not written over',
      );
      return;
    }
    answer('threads', { value: [] });
    const made = must(step('Comment on the pull request', { env: { CODE: '3' } })).asked;
    expect(made.includes('-X POST') && made.includes('"status": "active"') && made.includes(marker), made);
    answer('threads', {
      value: [
        { id: 1, comments: [] },
        { id: 4, comments: [{ id: 1, content: `${marker}\nold` }] },
      ],
    });
    const { asked } = must(step('Comment on the pull request', { env: { CODE: '0' } }));
    expect(asked.includes('/threads/4/comments/1') && asked.includes('"status": "closed"') && !asked.includes('-X POST'), asked);
  });
  for (const [code, event, expected] of [
    ['0', 'pull_request', 0],
    ['3', 'pull_request', 0],
    ['4', 'pull_request', 4],
    ['1', 'pull_request', 1],
    ['2', 'pull_request', 1],
    ['', 'pull_request', 1],
    ['0', 'schedule', 0],
    ['3', 'schedule', 3],
  ]) {
    check(title(`exit code "${code}" of the review on ${event} ends the pipeline with ${expected}`), () => {
      const result = step('Verdict', {
        env: { CODE: code, EVENT: event, REASON: event === 'schedule' ? 'Schedule' : 'PullRequest' },
      });
      expect(result.code === expected, `it ended with ${result.code}: ${result.told}`);
    });
  }
  const find = isGitHub ? 'find' : 'Find the build that planned what was merged';
  const tell = (pull, build) => {
    answer('head', pull ? 'abc\n' : '');
    answer('run', build ? '42\n' : '');
    answer('tree', `${tree}\n`);
    answer('pull', { results: [pull ? { merged: [{ pullRequestId: 5 }] } : {}] });
    answer('builds', { value: build ? [{ id: 42 }] : [] });
  };
  check(title('after the merge the run that planned it is found'), () => {
    tell(true, true);
    cpSync(join(project, 'review'), join(artifacts, 'review'), { recursive: true });
    const { told } = must(step(find));
    expect(/run[=\]\w;]*?\]?=?42/.test(told) && told.includes(tree), told);
  });
  check(title('a commit without a pull request applies nothing'), () => {
    tell(false, false);
    const { told } = must(step(find));
    expect(!told.includes('42') && told.includes('nothing is applied'), told);
  });
  check(title('a pull request whose review did not end well applies nothing'), () => {
    tell(true, false);
    expect(step(find).code === 1, 'it goes on');
  });

  // A job of its own: what it knows comes from artifacts only.
  const applying = join(work, `${provider}-apply`);
  mkdirSync(applying);
  const folder = isGitHub ? join(applying, 'cdktf.out/stacks', STACK) : join(artifacts, 'synth/stacks', STACK);
  const apply = (wanted) => {
    const env = { TREE: wanted, GITHUB_WORKSPACE: applying };
    if (!isGitHub) return step('Apply the plan that was reviewed', { cwd: folder, env });
    cpSync(join(artifacts, 'synth'), join(artifacts, 'as-uploaded/cdktf.out'), { recursive: true });
    const fetched = step('Fetch what was reviewed', { cwd: applying, env: { ...env, ARTIFACTS: layOut(artifacts) } });
    if (fetched.code !== 0) return fetched;
    const opened = step('Open the plan, if it was made for what was merged', { cwd: folder, env });
    return opened.code === 0 ? step('Apply', { cwd: folder, env }) : opened;
  };
  const state = join(folder, 'terraform.tfstate');
  const deliver = (bytes) => {
    for (const place of [artifacts, ...(isGitHub ? [join(project, 'plans')] : [])])
      writeFileSync(join(place, `plan-${STACK}/plan.sealed`), bytes);
  };
  const right = readFileSync(join(artifacts, `plan-${STACK}/plan.sealed`));
  const changed = (at) => Buffer.from(right.map((byte, index) => (index === at ? byte ^ 1 : byte)));
  const sealedAnew = (env) => {
    must(step('Plan', { cwd: stack, env }));
    if (isGitHub) must(step('Seal the plan, which holds secrets', { cwd: stack, env }));
    return readFileSync(sealed);
  };
  // As a stranger would, who knows all but the passphrase.
  const inClear = () => {
    const [archive, stored] = [join(work, 'plan.tgz'), join(work, 'stored')];
    const files = ['made-for.txt', 'tfplan', '.terraform.lock.hcl'];
    for (const [tool, ...args] of [
      ['tar', '-czf', archive, '-C', stack, ...files],
      ['gpg', '--batch', '--yes', '--homedir', work, '--output', stored, '--store', archive],
    ]) {
      const { code, output } = run(tool, args, { quiet: true });
      expect(code === 0, output);
    }
    return readFileSync(stored);
  };
  const DOES_NOT_OPEN = `the sealed plan of ${STACK} does not open`;
  for (const [what, make, why] of [
    ['sealed with another passphrase', () => sealedAnew({ PLAN_PASSPHRASE: 'quite another passphrase' }), DOES_NOT_OPEN],
    ['with a byte changed at the start', () => changed(12), DOES_NOT_OPEN],
    ['with a byte changed in the middle', () => changed(right.length >> 1), DOES_NOT_OPEN],
    ['with the last byte changed', () => changed(right.length - 1), DOES_NOT_OPEN],
    ['cut off', () => right.subarray(0, right.length - 40), DOES_NOT_OPEN],
    ['that is empty', () => Buffer.alloc(0), DOES_NOT_OPEN],
    ['with a byte more', () => Buffer.concat([right, Buffer.from([0])]), DOES_NOT_OPEN],
    ['that was never sealed', inClear, DOES_NOT_OPEN],
    ['of another stack', () => sealedAnew({ STACK: 'dev-foundation' }), 'the plan was made for stack dev-foundation'],
  ]) {
    check(title(`a plan ${what} is neither reviewed nor applied`), () => {
      deliver(make());
      try {
        for (const result of [step('Review', { env: { REASON: 'PullRequest', EVENT: 'pull_request' } }), apply(tree)]) {
          expect(result.code === 1 && result.told.includes(why), `${result.code}: ${result.told}`);
          expect(!existsSync(join(folder, 'tfplan')) && !existsSync(state), 'it was taken out, or applied');
        }
      } finally {
        deliver(right);
      }
    });
  }
  check(title('a plan that was made for another tree is refused'), () => {
    const { code, told } = apply('0000000000000000000000000000000000000000');
    expect(code === 1 && told.includes('plan and review again'), `${code}: ${told}`);
    expect(!existsSync(state), 'it was applied');
  });
  check(title('the very plan that was reviewed is applied'), () => {
    must(apply(tree));
    expect(readFileSync(state, 'utf8').includes('planted-token-value'), 'nothing is in the state');
  });
  check(title('the same plan again is refused by Terraform, as the state has moved on'), () => {
    const { code, told } = apply(tree);
    expect(code !== 0 && /stale/i.test(told), `${code}: ${told}`);
  });
  return project;
}

/** Artifacts as GitHub gives them back: "synth" holds the folder cdktf.out. */
function layOut(artifacts) {
  const folder = join(work, 'as-github');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  cpSync(join(artifacts, 'as-uploaded'), join(folder, 'synth'), { recursive: true });
  cpSync(join(artifacts, `plan-${STACK}`), join(folder, `plan-${STACK}`), { recursive: true });
  return folder;
}

function spawnTerraformInit(cwd) {
  const { code, output } = run('terraform', ['init', '-input=false'], { cwd, quiet: true });
  return { code, told: output };
}

try {
  const missing = [
    ...['bash', 'git', 'tar', 'jq', 'gpg'].filter((tool) => !has(tool)),
    ...(has('terraform', 'version') ? [] : ['terraform']),
  ];
  lint(makeProject('lint').project);
  if (missing.length > 0) notRun('the scripts of the pipelines', `${missing.join(', ')} is not on the PATH`);
  else {
    const stubs = makeStubs();
    for (const provider of ['github', 'azure-devops']) {
      runSteps(provider, stubs);
      playScenarios(provider, { work, stubs, check, expect });
    }
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exit(failed > 0 ? 1 : 0);
