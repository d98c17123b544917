// The floors of the house (docs/architecture.md): a folder of lib/ imports only from floors below its own. Where a folder may
// use a neighbour on its own floor, the pair stands in `neighbours`.
const floors = [
  ['core', 'azapi'],
  ['contract', 'network', 'identity', 'data', 'gpu'],
  ['registry', 'workspace', 'cluster', 'observability', 'manifests'],
  ['addons', 'tenancy', 'serving', 'training'],
  ['release'],
  ['platform'],
];
const neighbours = {
  azapi: ['core'],
  contract: ['gpu'],
  network: ['identity'],
  data: ['identity', 'network'],
  cluster: ['observability'],
  workspace: ['registry', 'observability'],
  serving: ['tenancy'],
  training: ['tenancy'],
};
const annex = ['guardrails', 'review'];

const allowedFor = (folder, floor) => [folder, ...floors.slice(0, floor).flat(), ...(neighbours[folder] ?? [])];
const rules = floors.flatMap((folders, floor) =>
  folders.map((folder) => ({
    name: `floor-${folder}`,
    comment: `lib/${folder} may import: ${allowedFor(folder, floor).join(', ')}`,
    severity: 'error',
    from: { path: `^lib/${folder}/` },
    to: { path: '^lib/', pathNot: `^lib/(${allowedFor(folder, floor).join('|')})/` },
  })),
);

module.exports = {
  forbidden: [
    ...rules,
    {
      name: 'annex-stands-apart',
      comment: 'guardrails and review read Terraform JSON: of the floors they use core errors and the data of gpu only',
      severity: 'error',
      from: { path: `^lib/(${annex.join('|')})/` },
      to: { path: '^lib/', pathNot: `^lib/(${annex.join('|')})/|^lib/core/|^lib/gpu/` },
    },
    { name: 'guardrails-without-review', severity: 'error', from: { path: '^lib/guardrails/' }, to: { path: '^lib/review/' } },
    { name: 'no-cycles', severity: 'error', from: { path: '^lib/' }, to: { circular: true } },
    {
      name: 'library-without-tools',
      comment: 'the library has peer dependencies only; what the command needs is bundled',
      severity: 'error',
      from: { path: '^lib/', pathNot: '^lib/review/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], pathNot: 'node_modules/(cdktf|constructs|@cdktf)/' },
    },
    { name: 'nothing-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'library-without-stacks',
      severity: 'error',
      from: { path: '^lib/' },
      to: { path: '^(stacks|examples|test|bench)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    exclude: { path: '(cdktf\\.out|dist)/' },
  },
};
