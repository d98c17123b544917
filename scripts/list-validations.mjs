// Writes docs/validations.md: every mistake that the constructs find while synthesizing, taken from the code.
//
//   node scripts/list-validations.mjs           writes the file
//   node scripts/list-validations.mjs --check   fails when the file is not what the code says
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FILE = join(ROOT, 'docs/validations.md');
const FOLDERS = [
  ['core', 'Environment and names'],
  ['network', 'Network'],
  ['identity', 'Identity and grants'],
  ['data', 'Storage, vaults and keys'],
  ['registry', 'Registries'],
  ['workspace', 'Azure ML'],
  ['gpu', 'GPUs'],
  ['cluster', 'Cluster and node pools'],
  ['observability', 'Observability'],
  ['platform', 'The platform as a whole'],
];

/** Rules of our own: Azure would take the input, and the platform would be wrong, open or dear. By the words of the error. */
const OURS = [
  'alarms of the monitor reach nobody',
  'alerts of severity … reach nobody',
  'costCenter of the owner is missing',
  'dataClassification of the owner is not known',
  'inference without a certificate would answer over plain HTTP',
  'name of the principal is not valid',
  'no environment surrounds this construct',
  'no naming rule for this type',
  'nobody could administer the cluster: local accounts are off',
  'owner is missing',
  'project is not valid',
  'stage is not known',
  'stage name is not valid',
  'the image has neither tag nor digest',
  'the network cannot do without a subnet for private endpoints',
  'resources share one Terraform address, which would merge them into one',
  'the network has no subnet of this role',
  'the platform has no network / the network stands already, and is described once more',
  'tenant has the name of a namespace that belongs to the cluster / name of a tenant is not valid',
  'the role allows nothing / the role allows too much',
  'traffic is shared out twice',
  'two subnets have one role',
];

function rowsOf(folder) {
  const root = join(ROOT, 'lib', folder);
  return readdirSync(root, { recursive: true })
    .filter((file) => file.endsWith('.ts'))
    .sort()
    .flatMap((file) => problemsOf(join(root, file)).map((problem) => ({ ...problem, file: `lib/${folder}/${file}` })));
}

/** The problems that a file may report: the object literals with `what` and `fix` that it hands to ConfigurationError. */
function problemsOf(path) {
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ES2022, true);
  const found = [];
  const visit = (node) => {
    if (ts.isObjectLiteralExpression(node)) {
      const fields = new Map(
        node.properties.filter(ts.isPropertyAssignment).map((property) => [property.name.getText(source), property.initializer]),
      );
      const text = (field) => (fields.has(field) ? textOf(fields.get(field)) : '');
      if (text('what') !== '' && fields.has('fix')) {
        found.push({ what: text('what'), allowed: text('allowed'), fix: text('fix') });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** An expression as a reader of the error sees it, with "…" for what depends on the input. */
function textOf(node) {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (ts.isTemplateExpression(node)) {
    return node.head.text + node.templateSpans.map((span) => `${partOf(span.expression)}${span.literal.text}`).join('');
  }
  if (ts.isConditionalExpression(node)) return `${textOf(node.whenTrue)} / ${textOf(node.whenFalse)}`;
  if (ts.isParenthesizedExpression(node)) return textOf(node.expression);
  return '…';
}

/** What is put into a template: its words where they are fixed. */
function partOf(node) {
  const text = ts.isConditionalExpression(node) ? '…' : textOf(node);
  return text;
}

const cell = (text) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replace(/\s+/g, ' ').trim() || '–';

function render() {
  const sections = FOLDERS.flatMap(([folder, title]) => {
    const rows = rowsOf(folder);
    if (rows.length === 0) return [];
    const lines = rows.map(({ what, allowed, fix, file }) => {
      const otherwise = OURS.includes(what) ? 'applies, and is wrong' : 'fails at plan or apply';
      return `| ${cell(what)} | ${cell(allowed)} | ${cell(fix)} | ${otherwise} | \`${file}\` |`;
    });
    return [`## ${title}`, '', '| the error says | allowed | fix | without it | where |', '|-|-|-|-|-|', ...lines, ''];
  });
  return [
    '# What synth finds before Azure does',
    '',
    'Every row is an error that the constructs raise while synthesizing, before a plan is made: with the path of the construct, the',
    'value given, what is allowed and the fix. "…" stands for what depends on the input. Values that only Terraform knows are not',
    'checked.',
    '',
    'Two traps that need to know what Azure has now are caught later. A managed network that would be turned off or opened again stops',
    'the plan (a precondition on the workspace reads its isolation). A workspace whose soft-deleted name could not be used again after a',
    'destroy is a warning of synth.',
    '',
    'Written by `node scripts/list-validations.mjs` from the code; a test compares the two.',
    '',
    ...sections,
  ].join('\n');
}

const text = render();
const unused = OURS.filter((rule) => !text.includes(`| ${cell(rule)} |`));
if (unused.length > 0) {
  console.error(`rules named in scripts/list-validations.mjs that no construct has: ${unused.join('; ')}`);
  process.exit(1);
}
if (!process.argv.includes('--check')) {
  writeFileSync(FILE, text);
} else if (readFileSync(FILE, 'utf8') !== text) {
  console.error('docs/validations.md is not what the code says: run node scripts/list-validations.mjs');
  process.exit(1);
}
