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
import { packOf } from './pack-argument';

export const CHECK_FORMATS: { readonly [name: string]: (result: CheckResult) => string } = {
  table: renderTable,
  json: renderJson,
  sarif: renderSarif,
  junit: renderJunit,
  github: renderGithub,
};
/** Bars of --fail-on, lowest first. */
export const FAIL_ON = ['never', 'error', 'warning', 'note', 'unresolved'];
const FINDINGS = 3;

export interface CheckOptions {
  readonly format: string;
  /** Name of a pack, or a file that exports one. */
  readonly pack: string;
  readonly failOn: string;
  /** Ids of the only rules to run. @default - all of the pack */
  readonly rule?: string[];
  readonly stage?: string;
  readonly strict?: boolean;
  /** Reports of other scanners, each as "checkov=FILE" or "trivy=FILE". */
  readonly import?: string[];
  /** Rendered charts, each a file or folder, or RELEASE=FILE. */
  readonly manifests?: string[];
  /** Locations that resources may stand in. @default - all */
  readonly allowLocations?: string[];
  /** Hosts that images may come from, besides those rules know. */
  readonly allowRegistries?: string[];
  readonly today: string;
}

/** Holds the inputs against the pack; prints in the format asked for. Gives 0, or 3 where findings reach the bar. */
export function checkCommand(paths: string[], options: CheckOptions, print: (text: string) => void): number {
  const { today, strict = false, stage } = options;
  const imports = readScannerReports(options.import ?? []);
  const stacks = readCheckInputs(paths);
  addManifests(stacks, options.manifests ?? []);
  const result = check(stacks, chosenPack(options), { today, strict, stage, imports });
  print(CHECK_FORMATS[options.format]?.(result) ?? '');
  return options.failOn !== 'never' && findingsAtBar(result, options.failOn).length > 0 ? FINDINGS : 0;
}

function chosenPack(options: CheckOptions): GuardrailPack {
  let pack = packOf(options.pack);
  if (options.allowLocations?.length) pack = pack.allowingLocations(...options.allowLocations);
  if (options.allowRegistries?.length) pack = pack.allowingRegistries(...options.allowRegistries);
  return options.rule?.length ? pack.only(...options.rule) : pack;
}
