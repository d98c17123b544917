import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ACKNOWLEDGEMENT_RULES } from '../../lib/guardrails/acknowledgement-ledger';
import { GuardrailPack } from '../../lib/guardrails/guardrail-pack';
import { type IRule, RuleEnforcement, type RuleMappings } from '../../lib/guardrails/rule';

const FAMILIES: readonly [code: string, title: string][] = [
  ['AKS', 'AKS'],
  ['NPL', 'Node pools'],
  ['GPU', 'GPU pools'],
  ['AML', 'Azure ML workspace, compute and datastores'],
  ['END', 'Azure ML endpoints, registries and connections'],
  ['ACR', 'Container registry'],
  ['STO', 'Storage'],
  ['KVT', 'Key Vault'],
  ['CMK', 'Customer-managed keys'],
  ['NET', 'Network'],
  ['IAM', 'Identity and roles'],
  ['AIS', 'AI services, search, event hubs, Postgres'],
  ['MON', 'Logs and alerts'],
  ['K8S', 'Kubernetes objects'],
  ['HLM', 'Helm releases'],
  ['STA', 'State, providers and outputs'],
  ['TAG', 'Tags'],
  ['CST', 'Cost'],
];

const STAGES: Record<RuleEnforcement, string> = {
  [RuleEnforcement.ALL]: 'all',
  [RuleEnforcement.DEV_RELAXED]: 'staging, prod; a note in dev',
  [RuleEnforcement.PROD]: 'prod; a warning in staging, off in dev',
};

/** What scripts measured, as they recorded it. */
interface Measured {
  readonly mutation: { flips: number; told: number; booleans: number; booleansTold: number; unguarded: string[] };
  readonly checkov: {
    version: string;
    corpus: { both: string[]; ours: string[]; theirs: { id: string; name: string; why: string }[] };
    ownStacks: { id: string; name: string; count: number; why: string }[];
  };
}

/** docs/guardrails.md. */
export function docsPage(rules: IRule[]): string {
  const measured = (name: keyof Measured) =>
    JSON.parse(readFileSync(join(__dirname, `measured/${name}.json`), 'utf8')) as Measured[typeof name];
  return [
    readFileSync(join(__dirname, 'docs-intro.md'), 'utf8').trim().replace('{{not in baseline}}', outside(rules)),
    '',
    '## Rules',
    '',
    `${rules.length} rules. Severity says how much harm a violation may do; stages says where it is an error. Low severity is a warning everywhere.`,
    ...FAMILIES.flatMap(([code, title]) =>
      family(
        title,
        rules.filter((rule) => rule.id.startsWith(`MLP-${code}-`)),
      ),
    ),
    ...family('Acknowledgements', ACKNOWLEDGEMENT_RULES),
    ...mutation(measured('mutation') as Measured['mutation']),
    ...checkov(measured('checkov') as Measured['checkov']),
    '',
  ].join('\n');
}

function outside(rules: IRule[]): string {
  const inside = GuardrailPack.BASELINE.rules.map((rule) => rule.id);
  return rules
    .map((rule) => rule.id)
    .filter((id) => !inside.includes(id))
    .join(', ');
}

function family(title: string, rules: IRule[]): string[] {
  return [
    '',
    `### ${title}`,
    '',
    '| rule | passes when | severity | error in | why | fix | elsewhere |',
    '|-|-|-|-|-|-|-|',
    ...rules.map((rule) =>
      row([rule.id, rule.title, rule.severity, STAGES[rule.enforcement], rule.why, rule.fix, elsewhere(rule.mappings)]),
    ),
  ];
}

function elsewhere(mappings: RuleMappings = {}): string {
  const { checkov = [], trivy = [], psRule = [], azurePolicy = [], benchmark = [] } = mappings;
  return [...checkov, ...trivy, ...psRule, ...azurePolicy, ...benchmark.map((control) => `MCSB ${control}`)].join(', ');
}

function mutation(score: Measured['mutation']): string[] {
  return [
    '',
    '## What the rules catch',
    '',
    `The test suite breaks the synthesized prod stacks of this repository one attribute at a time: each value that a rule leans on is`,
    `replaced by one that it refuses, and each resource that a rule looks for is taken away. **${score.told} of ${score.flips} flips are told`,
    `(${Math.floor((100 * score.told) / score.flips)} %).**`,
    '',
    `Asked without the rules' help, by negating every literal boolean of those stacks: ${score.booleansTold} of ${score.booleans} are told. No rule minds these,`,
    'because both values are sound, another attribute keeps the door closed as well, or it is a matter of taste:',
    '',
    score.unguarded.map((attribute) => `\`${attribute}\``).join(', '),
  ];
}

function checkov(result: Measured['checkov']): string[] {
  const { both, ours, theirs } = result.corpus;
  return [
    '',
    '## Compared with checkov',
    '',
    `checkov ${result.version} and this pack over the same corpus (\`test/guardrails/corpus\`): plans of hand-written insecure and secure stacks.`,
    '',
    '| | rules |',
    '|-|-|',
    row(['both find', both.join(', ')]),
    row(['only we find', ours.join(', ')]),
    row(['only checkov finds', theirs.map(({ id }) => id).join(', ')]),
    '',
    'Why we do not report what only checkov finds:',
    '',
    '| check | what it asks | why not |',
    '|-|-|-|',
    ...theirs.map(({ id, name, why }) => row([id, name, why])),
    '',
    'On the stacks of this repository checkov reports:',
    '',
    '| check | what it asks | resources | why we pass them |',
    '|-|-|-|-|',
    ...result.ownStacks.map(({ id, name, count, why }) => row([id, name, String(count), why])),
  ];
}

/** Pipes and line breaks would end the cell. */
function row(cells: string[]): string {
  return `| ${cells.map((cell) => cell.replace(/\|/g, '\\|').replace(/\n/g, ' ')).join(' | ')} |`;
}
