// Plays whole runs of the pipelines that `ml-platform init ci` writes, on this machine: jobs in their order, by their conditions, each
// in folders of its own, with artifacts as the only thing that goes from one to the next. What tasks and actions of the providers do is
// played as far as these pipelines use it; scripts run as they are.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { data, Evaluator, Lexer, Parser } from '@actions/expressions';

/** The machines of a run: `store` keeps artifacts by run and name, `env` is on every machine. */
function machine({ work, store, id, env }) {
  const folder = (name) => mkdtempSync(join(work, `${name.replace(/\W/g, '_')}-`));
  const place = (run, name) => join(store, String(run), name);
  const artifacts = () => readdirSync(join(store, String(id)));
  const keep = (name, put) => {
    const path = place(id, name);
    // Both providers refuse a name that is taken.
    if (existsSync(path)) throw new Error(`there is an artifact ${name} already`);
    mkdirSync(path, { recursive: true });
    put(path);
  };
  const shell = (script, cwd, more) => {
    const result = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], {
      cwd,
      env: { ...env, ARTIFACTS: store, ...more },
      encoding: 'utf8',
    });
    return { isGood: result.status === 0, told: `${result.stdout}${result.stderr}` };
  };
  const checkout = (project, commit, into) => {
    for (const args of [
      ['clone', '-q', project, into],
      ['-C', into, 'checkout', '-q', commit],
    ]) {
      const { status, stderr } = spawnSync('git', args, { encoding: 'utf8' });
      if (status !== 0) throw new Error(stderr);
    }
  };
  return { folder, place, artifacts, keep, shell, checkout };
}

/** Copies what stands at a path: the content of a folder, or a file. */
function copyInto(path, into) {
  if (statSync(path).isDirectory()) cpSync(path, into, { recursive: true });
  else cpSync(path, join(into, basename(path)));
}

/** Each after what it comes after. */
function ancestorsOf(name, needsOf) {
  const direct = needsOf(name);
  return [...new Set([...direct, ...direct.flatMap((one) => ancestorsOf(one, needsOf))])];
}

/** What a run came to: the result of each job or stage, what it said, and the environments in the order in which they were asked for. */
function outcome() {
  return { results: new Map(), told: new Map(), environments: [], summary: '' };
}

export function playGitHub(workflow, given) {
  const { id, event, project, commit, base, secrets } = given;
  const { folder, place, artifacts, keep, shell, checkout } = machine(given);
  const found = outcome();
  const jobOutputs = new Map();
  const needsOf = (name) => [workflow.jobs[name].needs ?? []].flat();
  const summary = join(folder('summary'), 'summary.md');
  const github = {
    event_name: event,
    event: { number: 5, pull_request: { base: { sha: base }, head: { repo: { fork: false } } } },
    token: 'token-of-the-job',
    run_id: id,
  };
  const evaluate = (expression, context, isGood) => {
    const status = (name, holds) => [name, { name, minArgs: 0, maxArgs: 0, call: () => new data.BooleanData(holds) }];
    const functions = new Map([
      status('success', isGood),
      status('failure', !isGood),
      status('cancelled', false),
      status('always', true),
    ]);
    const tree = new Parser(new Lexer(expression).lex().tokens, Object.keys(context), [...functions.values()]).parse();
    return new Evaluator(tree, JSON.parse(JSON.stringify(context), data.reviver), functions).evaluate();
  };
  const fill = (text, context) =>
    String(text).replace(/\$\{\{(.*?)\}\}/gs, (_, expression) => evaluate(expression.trim(), context, true).coerceString());
  const filled = (env = {}, context) => Object.fromEntries(Object.entries(env).map(([key, text]) => [key, fill(text, context)]));
  const holds = (condition, context, isGood) => {
    const bare = String(condition ?? '')
      .replace(/^\$\{\{(.*)\}\}$/s, '$1')
      .trim();
    const states = /\b(success|failure|cancelled|always)\(/.test(bare);
    const whole = states ? bare : bare === '' ? 'success()' : `success() && (${bare})`;
    const value = evaluate(whole, context, isGood);
    return value.kind === data.Kind.Boolean ? value.value : value.coerceString() !== '';
  };

  const act = (step, context, workspace) => {
    const [action] = step.uses.split('@');
    const settings = filled(step.with, context);
    if (action === 'actions/checkout') checkout(project, commit, workspace);
    if (action === 'actions/upload-artifact') {
      const paths = settings.path
        .split('\n')
        .filter(Boolean)
        .map((path) => [path, path.startsWith('/') ? path : join(workspace, path)]);
      keep(settings.name, (into) => {
        for (const [path, from] of paths) {
          if (!existsSync(from)) continue;
          if (paths.length > 1) cpSync(from, join(into, path), { recursive: true });
          else copyInto(from, into);
        }
      });
    }
    if (action === 'actions/download-artifact') {
      if (settings.name) cpSync(place(id, settings.name), workspace, { recursive: true });
      else {
        const prefix = settings.pattern.replace('*', '');
        for (const name of artifacts().filter((one) => one.startsWith(prefix)))
          cpSync(place(id, name), join(workspace, settings.path, name), { recursive: true });
      }
    }
  };

  const runJob = (name, job, needs, matrix) => {
    const [workspace, temporary] = [folder(`${name}-workspace`), folder(`${name}-temporary`)];
    const context = { github, needs, matrix, secrets, vars: {}, runner: { temp: temporary }, steps: {}, env: {} };
    context.env = filled(job.env, context);
    if (job.environment) found.environments.push(fill(job.environment, context));
    let [isGood, told] = [true, ''];
    for (const step of job.steps) {
      if (!holds(step.if, context, isGood)) continue;
      if (step.uses) {
        act(step, context, workspace);
        continue;
      }
      const outputs = join(temporary, 'outputs');
      writeFileSync(outputs, '');
      const directory = step['working-directory'] ?? job.defaults?.run?.['working-directory'] ?? '.';
      const result = shell(step.run, join(workspace, fill(directory, context)), {
        ...context.env,
        ...filled(step.env, context),
        GITHUB_OUTPUT: outputs,
        GITHUB_STEP_SUMMARY: summary,
        GITHUB_REPOSITORY: 'contoso/ml',
        GITHUB_SHA: commit,
        GITHUB_RUN_ID: String(id),
        GITHUB_WORKSPACE: workspace,
        RUNNER_TEMP: temporary,
      });
      told += result.told;
      isGood &&= result.isGood;
      const lines = readFileSync(outputs, 'utf8').split('\n').filter(Boolean);
      if (step.id)
        context.steps[step.id] = {
          outputs: Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)])),
        };
    }
    found.told.set(name, (found.told.get(name) ?? '') + told);
    jobOutputs.set(name, filled(job.outputs, context));
    return isGood;
  };

  for (const [name, job] of Object.entries(workflow.jobs)) {
    const needs = Object.fromEntries(
      needsOf(name).map((one) => [one, { result: found.results.get(one), outputs: jobOutputs.get(one) ?? {} }]),
    );
    const isGood = ancestorsOf(name, needsOf).every((one) => found.results.get(one) === 'success');
    if (!holds(job.if, { github, needs }, isGood)) {
      found.results.set(name, 'skipped');
      continue;
    }
    const matrices = job.strategy?.matrix.include ?? [{}];
    const ended = matrices.map((matrix) => runJob(name, job, needs, matrix));
    found.results.set(name, ended.every(Boolean) ? 'success' : 'failure');
  }
  found.summary = existsSync(summary) ? readFileSync(summary, 'utf8') : '';
  return found;
}

/** Evaluates a condition; the same part of the language that test/review/azure-devops-run.ts reads. */
function holdsAzureDevOps(condition, { variables, result, output, isGood }) {
  const text = (value) => String(value ?? '').toLowerCase();
  const known = {
    and: (...all) => all.every(Boolean),
    or: (...all) => all.some(Boolean),
    not: (one) => !one,
    eq: (a, b) => text(a) === text(b),
    ne: (a, b) => text(a) !== text(b),
    isIn: (one, ...others) => others.some((other) => text(one) === text(other)),
    succeeded: () => isGood,
    canceled: () => false,
    variable: (name) => variables[name],
    result,
    output,
  };
  const code = condition
    .replace(/\bin\(/g, 'isIn(')
    .replace(/variables\['([^']+)'\]/g, "variable('$1')")
    .replace(/dependencies\.(\w+)\.outputs\['([^']+)'\]/g, "output('$1', '$2')")
    .replace(/dependencies\.(\w+)\.result/g, "result('$1')");
  return Boolean(new Function(...Object.keys(known), `return ${code};`)(...Object.values(known)));
}

export function playAzureDevOps(pipeline, given) {
  const { id, event, project, commit, secrets } = given;
  const { folder, place, artifacts, keep, shell, checkout } = machine(given);
  const found = outcome();
  const outputs = new Map();
  const isPullRequest = event === 'pull_request';
  const constant = {
    'Build.Reason': isPullRequest ? 'PullRequest' : event === 'schedule' ? 'Schedule' : 'IndividualCI',
    'Build.SourceBranch': isPullRequest ? 'refs/pull/5/merge' : 'refs/heads/main',
    ...(isPullRequest ? { 'System.PullRequest.TargetBranch': 'refs/heads/main', 'System.PullRequest.PullRequestId': '5' } : {}),
    'System.AccessToken': 'token-of-the-job',
    'System.TeamProjectId': 'ml',
    'System.DefinitionId': '7',
    'System.StageAttempt': '1',
    'Build.BuildId': String(id),
    ...secrets,
  };
  const stages = new Map(pipeline.stages.map((stage) => [stage.stage, stage]));
  const previous = new Map(pipeline.stages.map((stage, index) => [stage.stage, pipeline.stages[index - 1]?.stage]));
  const needsOf = (name) => [stages.get(name).dependsOn ?? previous.get(name) ?? []].flat();

  const runJob = (stage, job) => {
    const [workspace, temporary] = [folder(`${stage}-workspace`), folder(`${stage}-temporary`)];
    const sources = join(workspace, 's');
    mkdirSync(sources);
    const variables = { ...constant, 'Pipeline.Workspace': workspace, 'Agent.TempDirectory': temporary };
    const fill = (text) => String(text).replace(/\$\(([\w.]+)\)/g, (whole, name) => variables[name] ?? whole);
    for (const [name, text] of Object.entries(job.variables ?? {})) {
      const [, from, step] = /^\$\[stageDependencies\.(\w+)\.\w+\.outputs\['([^']+)'\]\]$/.exec(text) ?? [];
      const [, other] = /^\$\[variables\['([^']+)'\]\]$/.exec(text) ?? [];
      variables[name] = (from ? outputs.get(`${from} ${step}`) : variables[other]) ?? '';
    }
    if (job.environment) found.environments.push(job.environment);
    const steps = job.steps ?? job.strategy.runOnce.deploy.steps;
    let isGood = true;
    const download = (run, name, into) => cpSync(place(run, name), into, { recursive: true });
    for (const step of steps) {
      if (!holdsAzureDevOps(step.condition ?? 'succeeded()', { variables, isGood })) continue;
      const { inputs = {} } = step;
      if (step.checkout === 'self') checkout(project, commit, sources);
      if (step.publish)
        keep(fill(step.artifact), (into) =>
          copyInto(fill(step.publish).startsWith('/') ? fill(step.publish) : join(sources, step.publish), into),
        );
      if (step.download === 'current')
        for (const name of step.artifact ? [step.artifact] : artifacts()) download(id, name, join(workspace, name));
      if (step.task === 'DownloadPipelineArtifact@2')
        download(inputs.buildType === 'current' ? id : fill(inputs.pipelineId), inputs.artifactName, fill(inputs.targetPath));
      if (step.task === 'AzureCLI@2') found.environments.push(`as ${inputs.azureSubscription}`);
      const script = step.script ?? inputs.inlineScript;
      if (script === undefined) continue;
      const env = Object.fromEntries(Object.entries(step.env ?? {}).map(([name, text]) => [name, fill(text)]));
      const result = shell(fill(script), inputs.workingDirectory ? fill(inputs.workingDirectory) : sources, {
        ...env,
        AGENT_TEMPDIRECTORY: temporary,
        PIPELINE_WORKSPACE: workspace,
        SYSTEM_COLLECTIONURI: 'https://dev.azure.example/contoso/',
        SYSTEM_TEAMPROJECTID: 'ml',
        SYSTEM_DEFINITIONID: '7',
        BUILD_REPOSITORY_ID: 'repository',
        BUILD_SOURCEVERSION: commit,
        servicePrincipalId: 'x',
        tenantId: 'x',
        idToken: 'x',
      });
      isGood &&= result.isGood;
      found.told.set(stage, (found.told.get(stage) ?? '') + result.told);
      for (const [, name, isOutput, value] of result.told.matchAll(
        /##vso\[task\.setvariable variable=(\w+)(;isOutput=true)?\](.*)/g,
      )) {
        variables[isOutput ? `${step.name}.${name}` : name] = value;
        if (isOutput) {
          outputs.set(`${stage} ${step.name}.${name}`, value);
          outputs.set(`${stage} ${job.job ?? job.deployment}.${step.name}.${name}`, value);
        }
      }
      for (const [, path] of result.told.matchAll(/##vso\[task\.uploadsummary\](.*)/g))
        found.summary += readFileSync(path, 'utf8');
    }
    return isGood;
  };

  for (const [name, stage] of stages) {
    const isGood = ancestorsOf(name, needsOf).every((one) => found.results.get(one) === 'success');
    const words = { success: 'Succeeded', failure: 'Failed', skipped: 'Skipped' };
    const seen = (one) => {
      if (!needsOf(name).includes(one)) throw new Error(`${name} asks for ${one}, which it does not depend on`);
      return one;
    };
    const facts = {
      variables: constant,
      isGood,
      result: (one) => words[found.results.get(seen(one))],
      output: (one, variable) => outputs.get(`${seen(one)} ${variable}`),
    };
    if (!holdsAzureDevOps(stage.condition ?? 'succeeded()', facts)) {
      found.results.set(name, 'skipped');
      continue;
    }
    const ended = new Map();
    for (const job of stage.jobs) {
      const jobName = job.job ?? job.deployment;
      const ready = [job.dependsOn ?? []].flat().every((one) => ended.get(one));
      ended.set(jobName, ready && runJob(name, job));
    }
    found.results.set(name, [...ended.values()].every(Boolean) ? 'success' : 'failure');
  }
  return found;
}
