import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { InputError } from '../input-error';
import { environmentOf } from '../report/layers';
import { readSynthOutput } from '../synth-output';
import { azureDevOpsPipeline } from '../templates/azure-devops';
import { githubWorkflow } from '../templates/github';
import { REVIEW_POLICY } from '../templates/review-policy';
import type { InitCiOptions } from './init-ci-options';

/** Writes a pipeline for the stacks that exist, and a policy to start from. */
export function initCiCommand(folder: string, options: InitCiOptions, print: (text: string) => void): void {
  const stacks = readSynthOutput(folder).stacks.map(({ model, dependencies }) => ({
    name: model.name,
    environment: environmentOf(model.name),
    dependencies,
  }));
  const [path, text] =
    options.provider === 'github'
      ? ([join(options.into, '.github/workflows/infrastructure.yml'), githubWorkflow(stacks)] as const)
      : ([join(options.into, 'azure-pipelines.yml'), azureDevOpsPipeline(stacks)] as const);
  if (existsSync(path) && options.force !== true) {
    throw new InputError(path, { what: 'file is there already', fix: 'pass --force to write over it' });
  }
  write(path, text);
  print(`${path}: ${stacks.length} stacks.\n`);
  const policy = join(options.into, 'review.yaml');
  if (existsSync(policy)) return;
  write(policy, REVIEW_POLICY);
  print(`${policy}: what needs approval, what blocks.\n`);
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
