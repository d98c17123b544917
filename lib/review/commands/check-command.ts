import type { GuardrailPack } from '../../guardrails/guardrail-pack';
import { readScannerReports } from '../check-import';
import { readCheckInputs } from '../check-input';
import { addManifests } from '../check-manifests';
import { type CheckResult, check, findingsAtBar } from '../check-result';
import { renderGithub } from '../formats/github';
import { renderJson } from '../formats/json';
import { renderJunit } from '../formats/junit';
import { renderSarif } from '../formats/sarif';
import { renderTable } from '../formats/table';
import type { CheckFormat, CheckOptions } from './check-options';
import { packOf } from './pack-argument';

const RENDERERS: { readonly [format in CheckFormat]: (result: CheckResult) => string } = {
  table: renderTable,
  json: renderJson,
  sarif: renderSarif,
  junit: renderJunit,
  github: renderGithub,
};
const FINDINGS = 3;

/** Holds the inputs against the pack; prints in the format asked for. Gives 0, or 3 where findings reach the bar. */
export function checkCommand(paths: string[], options: CheckOptions, print: (text: string) => void): number {
  const { today, strict = false, stage } = options;
  const imports = readScannerReports(options.import ?? []);
  const stacks = readCheckInputs(paths);
  addManifests(stacks, options.manifests ?? []);
  const result = check(stacks, chosenPack(options), { today, strict, stage, imports });
  print(renderCheck(result, options.format));
  return options.failOn !== 'never' && findingsAtBar(result, options.failOn).length > 0 ? FINDINGS : 0;
}

/** The result in a format. */
export function renderCheck(result: CheckResult, format: CheckFormat): string {
  return RENDERERS[format](result);
}

function chosenPack(options: CheckOptions): GuardrailPack {
  let pack = packOf(options.pack);
  if (options.allowLocations?.length) pack = pack.allowingLocations(...options.allowLocations);
  if (options.allowRegistries?.length) pack = pack.allowingRegistries(...options.allowRegistries);
  return options.rule?.length ? pack.only(...options.rule) : pack;
}
