import { isObject } from '../../guardrails/model/json';
import { InputError } from '../input-error';
import { learnMember, learnSecrets, TooDeepError } from '../masking/learn-secrets';
import { type Masker } from '../masking/masker';
import { isSecretName } from '../masking/secret-names';
import { PlanConfiguration } from './plan-configuration';
import { type RawChange, type RawCheck, type RawOutput } from './stack-input';

/** What a plan says, in our terms. */
export interface PlanContent {
  readonly terraformVersion?: string;
  readonly partial: boolean;
  readonly changes: RawChange[];
  readonly drift: RawChange[];
  readonly outputs: RawOutput[];
  readonly checks: RawCheck[];
  readonly relevant: ReadonlySet<string>;
  readonly configuration: PlanConfiguration;
}

/** Reads a checked plan; data sources are left out, they change nothing. */
export function readPlanContent(json: Record<string, unknown>): PlanContent {
  return {
    terraformVersion: typeof json.terraform_version === 'string' ? json.terraform_version : undefined,
    partial: json.errored === true || json.complete === false,
    changes: list(json.resource_changes).filter(managed).map(rawChange),
    drift: list(json.resource_drift).filter(managed).map(rawChange),
    outputs: readOutputs(json.output_changes),
    checks: readChecks(json.checks),
    relevant: new Set(
      list(json.relevant_attributes).flatMap((entry) =>
        typeof entry.resource === 'string' && Array.isArray(entry.attribute)
          ? [`${entry.resource}.${String(entry.attribute[0])}`]
          : [],
      ),
    ),
    configuration: new PlanConfiguration(json.configuration),
  };
}

/**
 * Tells the masker all secrets that a plan holds in clear.
 * @throws InputError where it is nested deeper than a plan can be
 */
export function learnPlanSecrets(masker: Masker, path: string, json: Record<string, unknown>): void {
  try {
    const configuration = isObject(json.configuration) ? json.configuration : {};
    const root = isObject(configuration.root_module) ? configuration.root_module : {};
    const declared = isObject(root.variables) ? root.variables : {};
    for (const [name, variable] of entries(json.variables)) {
      const stated = declared[name];
      const secret = (isObject(stated) && stated.sensitive === true) || isSecretName(name);
      learnSecrets(masker, variable, secret || undefined);
    }
    for (const section of [json.resource_changes, json.resource_drift]) {
      for (const entry of list(section)) {
        const change = isObject(entry.change) ? entry.change : {};
        const type = typeof entry.type === 'string' ? entry.type : '';
        learnSecrets(masker, change.before, change.before_sensitive, type);
        if (change.actions !== undefined && !isNoOp(change.actions))
          learnSecrets(masker, change.after, change.after_sensitive, type);
      }
    }
    for (const [name, output] of entries(json.output_changes)) {
      if (!isObject(output)) continue;
      learnSecrets(masker, output.before, output.before_sensitive === true || isSecretName(name) || output.before_sensitive);
      learnSecrets(masker, output.after, output.after_sensitive === true || isSecretName(name) || output.after_sensitive);
    }
    learnModuleSecrets(masker, isObject(json.prior_state) ? json.prior_state.values : undefined);
    learnModuleSecrets(masker, json.planned_values);
    learnConfigurationSecrets(masker, configuration);
  } catch (error) {
    if (!(error instanceof TooDeepError || error instanceof RangeError)) throw error;
    throw new InputError(path, { what: 'the plan is nested deeper than any plan is', fix: 'look where it comes from' });
  }
}

/** Values by module, with `sensitive_values` beside them; outputs carry `sensitive`. */
function learnModuleSecrets(masker: Masker, values: unknown): void {
  if (!isObject(values)) return;
  for (const [name, output] of entries(values.outputs)) {
    if (isObject(output)) learnSecrets(masker, output.value, output.sensitive === true || isSecretName(name));
  }
  const open: unknown[] = [values.root_module];
  for (let module = open.pop(); module !== undefined; module = open.pop()) {
    if (!isObject(module)) continue;
    for (const resource of list(module.resources)) {
      learnSecrets(masker, resource.values, resource.sensitive_values, typeof resource.type === 'string' ? resource.type : '');
    }
    if (Array.isArray(module.child_modules)) open.push(...module.child_modules.filter(isObject));
  }
}

/** Defaults of sensitive variables, and constants under the names of secrets. */
function learnConfigurationSecrets(masker: Masker, configuration: Record<string, unknown>): void {
  for (const [, provider] of entries(configuration.provider_config)) {
    if (isObject(provider)) learnSecrets(masker, provider.expressions);
  }
  const open: unknown[] = [configuration.root_module];
  for (let module = open.pop(); module !== undefined; module = open.pop()) {
    if (!isObject(module)) continue;
    for (const [name, variable] of entries(module.variables)) {
      if (isObject(variable)) learnSecrets(masker, variable.default, variable.sensitive === true || isSecretName(name));
    }
    for (const resource of list(module.resources)) learnExpressions(masker, resource.expressions);
    for (const [, call] of entries(module.module_calls)) {
      if (!isObject(call)) continue;
      learnSecrets(masker, constants(call.expressions, 0));
      open.push(call.module);
    }
  }
}

/** Constants of a resource: most of its expressions are one constant or a reference, which need no tree of their own. */
function learnExpressions(masker: Masker, expressions: unknown): void {
  // A Kubernetes object tells by its other members what is secret.
  if (!isObject(expressions) || 'apiVersion' in expressions) {
    learnSecrets(masker, constants(expressions, 0));
    return;
  }
  for (const key in expressions) {
    const value = constants(expressions[key], 1);
    if (value !== undefined) learnMember(masker, key, value);
  }
}

/** Expressions with their constants in place, so that names stand directly above values. */
function constants(expression: unknown, depth: number): unknown {
  if (depth > 100) throw new TooDeepError();
  if (Array.isArray(expression)) return expression.map((item) => constants(item, depth + 1));
  if (!isObject(expression)) return undefined;
  if ('constant_value' in expression) return expression.constant_value;
  if ('references' in expression) return undefined;
  // Without a prototype: a key may be called "__proto__".
  const stated = Object.create(null) as Record<string, unknown>;
  for (const key of Object.keys(expression)) {
    const value = constants(expression[key], depth + 1);
    if (value !== undefined) stated[key] = value;
  }
  return stated;
}

function rawChange(entry: Record<string, unknown>): RawChange {
  const change = isObject(entry.change) ? entry.change : {};
  const importing = isObject(change.importing) ? change.importing : undefined;
  return {
    address: String(entry.address),
    type: String(entry.type),
    actions: texts(change.actions),
    actionReason: text(entry.action_reason),
    before: change.before,
    after: change.after,
    afterUnknown: change.after_unknown,
    beforeSensitive: change.before_sensitive,
    afterSensitive: change.after_sensitive,
    replacePaths: change.replace_paths === undefined ? [] : stepsOf(change.replace_paths),
    previousAddress: text(entry.previous_address),
    importId: importing ? (text(importing.id) ?? 'by identity') : undefined,
    deposed: text(entry.deposed),
  };
}

function texts(values: unknown): string[] {
  return Array.isArray(values) ? values.map(String) : [];
}

function stepsOf(paths: unknown): (string | number)[][] {
  return Array.isArray(paths) ? paths.filter(Array.isArray).map((path: unknown[]) => path.map(step)) : [];
}

function readOutputs(section: unknown): RawOutput[] {
  return entries(section).flatMap(([name, output]) => {
    if (!isObject(output) || !Array.isArray(output.actions) || isNoOp(output.actions)) return [];
    const sensitive = output.before_sensitive === true || output.after_sensitive === true || isSecretName(name);
    const actions = output.actions.map(String);
    return [{ name, actions, before: output.before, after: output.after, sensitive, unknown: output.after_unknown === true }];
  });
}

function readChecks(section: unknown): RawCheck[] {
  return list(section).flatMap((check) => {
    const status = String(check.status);
    if (status !== 'fail' && status !== 'error') return [];
    const address = isObject(check.address) ? String(check.address.to_display) : 'check';
    const messages = list(check.instances).flatMap((instance) =>
      list(instance.problems).flatMap((problem) => (typeof problem.message === 'string' ? [problem.message] : [])),
    );
    return [{ address, status, messages }];
  });
}

function managed(entry: Record<string, unknown>): boolean {
  return entry.mode !== 'data';
}

function isNoOp(actions: unknown): boolean {
  return Array.isArray(actions) && actions.length === 1 && actions[0] === 'no-op';
}

function step(value: unknown): string | number {
  return typeof value === 'number' ? value : String(value);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function list(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function entries(value: unknown): [string, unknown][] {
  return isObject(value) ? Object.entries(value) : [];
}
