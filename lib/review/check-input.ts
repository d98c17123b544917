import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { asApp } from '../guardrails/model/app';
import { companionOf } from '../guardrails/model/companion';
import { isObject } from '../guardrails/model/json';
import { joinModuleFiles } from '../guardrails/model/module-files';
import { isPlan, type PlanCompanion, readPlan } from '../guardrails/model/plan-reader';
import type { StackModel } from '../guardrails/model/stack-model';
import { readSynthesizedStack } from '../guardrails/model/synth-reader';
import { InputError } from './input-error';
import { readJson, readSynthOutput } from './synth-output';

/**
 * Reads what `ml-platform check` is given: folders that cdktf synth wrote, plans as `terraform show -json` prints them, or
 * Terraform configuration in JSON. A plan takes construct paths, lifecycles and acknowledgements from the synthesized stack of
 * its name, or from the `cdk.tf.json` beside it. Everything given is one app.
 * @throws InputError when an input cannot be read
 */
export function readCheckInputs(paths: string[]): StackModel[] {
  const synthesized: StackModel[] = [];
  const plans: { name: string; json: Record<string, unknown>; file: string }[] = [];
  for (const path of paths) {
    if (!existsSync(path)) {
      throw new InputError(path, {
        what: 'there is no such file or folder, it cannot be read',
        got: `seen from ${process.cwd()}`,
        allowed: 'a cdktf.out folder, a plan from terraform show -json, or Terraform in JSON',
        fix: 'run cdktf synth first, or name what to check: ml-platform check plan.json',
      });
    }
    if (isFolder(path)) synthesized.push(...readFolder(path));
    else {
      const json = readJson(path);
      if (isPlan(json)) plans.push({ name: stackNameOf(path), json: checkedPlan(path, json), file: path });
      else if (looksLikeTerraform(json)) synthesized.push(readSynthesizedStack(stackNameOf(path), json, path));
      else {
        throw new InputError(path, {
          what: 'neither a plan nor Terraform in JSON',
          allowed: 'a cdktf.out folder, cdk.tf.json, or the output of terraform show -json',
          fix: 'write the plan as JSON: terraform show -json tfplan > plan.json',
        });
      }
    }
  }
  const read = plans.map(({ name, json, file }) => readPlan(name, json, companionFor(name, file, synthesized), file));
  // The plan of a stack tells more than its synthesized JSON: it stands in for it.
  const names = new Set(read.map((stack) => stack.name));
  return asApp([...synthesized.filter((stack) => !names.has(stack.name)), ...read].sort((a, b) => (a.name < b.name ? -1 : 1)));
}

function readFolder(path: string): StackModel[] {
  if (existsSync(join(path, 'manifest.json'))) return readSynthOutput(path).stacks.map((stack) => stack.model);
  const files = readdirSync(path).filter((file) => file.endsWith('.tf.json'));
  if (files.length === 0) {
    throw new InputError(path, {
      what: 'no manifest.json and no *.tf.json in this folder',
      allowed: 'the folder that cdktf synth wrote, or a folder of Terraform in JSON',
      fix: 'run cdktf synth first, or name the folder',
    });
  }
  const read = files.sort().map((file) => ({ file, json: readJson(join(path, file)) }));
  const { json, sharedAddresses } = joinModuleFiles(read);
  return [readSynthesizedStack(basename(resolve(path)), json, join(path, files[0] ?? ''), sharedAddresses)];
}

function companionFor(name: string, file: string, synthesized: StackModel[]): PlanCompanion | undefined {
  const stack = synthesized.find((one) => one.name === name);
  if (stack) return companionOf(stack);
  const beside = join(dirname(file), 'cdk.tf.json');
  return existsSync(beside) ? companionOf(readSynthesizedStack(name, readJson(beside), beside)) : undefined;
}

/** "prod-foundation" of "plans/prod-foundation.json" and of "cdktf.out/stacks/prod-foundation/plan.json". */
function stackNameOf(path: string): string {
  const name = basename(path).replace(/(\.tf|\.tfplan|\.plan)?\.json$/, '');
  return ['plan', 'tfplan', 'cdk', 'main'].includes(name) ? basename(dirname(path)) || name : name;
}

function checkedPlan(path: string, json: Record<string, unknown>): Record<string, unknown> {
  const version = String(json.format_version);
  if (version.startsWith('1.') || version.startsWith('0.')) return json;
  throw new InputError(path, {
    what: 'format of the plan is not known',
    got: version,
    allowed: '1.x',
    fix: 'use a newer ml-platform, or a Terraform that writes 1.x',
  });
}

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}

function looksLikeTerraform(json: unknown): boolean {
  return isObject(json) && ['resource', 'data', 'terraform', 'provider', 'module', 'output'].some((section) => section in json);
}
