import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { main } from '../../lib/review/main';

const folder = mkdtempSync(join(tmpdir(), 'manifests-'));
let files = 0;
function file(text: string, name = `file-${files++}.yaml`): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  return path;
}

const release = (name: string, namespace: string, chart = name) => ({
  '//': { metadata: { path: `prod-addons/${name}/Default` } },
  name,
  chart,
  namespace,
});
const stack = file(
  JSON.stringify({
    resource: {
      helm_release: {
        Kueue: release('kueue', 'kueue-system'),
        Two: release('two', 'team', 'app'),
        Three: release('three', 'team', 'app'),
      },
    },
  }),
  'prod-addons.json',
);
const deployment = (container: string, metadata = 'name: manager') => `---
# Source: kueue/templates/manager.yaml
apiVersion: apps/v1
kind: Deployment
metadata: { ${metadata} }
spec:
  template:
    spec:
      containers:
        - name: manager
          image: registry.k8s.io/kueue/kueue:v0.19.2
          ${container}
`;
const SAFE = 'securityContext: { allowPrivilegeEscalation: false }';

async function run(manifests: string[], rules = ['MLP-K8S-003'], ...more: string[]) {
  let out = '';
  let err = '';
  const code = await main(
    [
      'check',
      stack,
      '--today',
      '2026-11-21',
      '--format',
      'json',
      '--rule',
      ...rules,
      ...manifests.flatMap((one) => ['--manifests', one]),
      ...more,
    ],
    (text) => {
      out += text;
    },
    (text) => {
      err += text;
    },
  );
  const findings = out.startsWith('{') ? (JSON.parse(out) as { findings: { [key: string]: unknown }[] }).findings : [];
  return { code, out, err, findings };
}

describe('what a chart renders to', () => {
  test('is judged by the rules on Kubernetes objects, with its release as origin', async () => {
    const { findings, code } = await run([
      file(deployment('securityContext: { privileged: true, allowPrivilegeEscalation: false }')),
    ]);
    expect(code).toBe(3);
    expect(findings).toEqual([
      expect.objectContaining({
        id: 'MLP-K8S-003[privileged]',
        stack: 'prod-addons',
        constructPath: 'prod-addons/kueue',
        address: 'helm_release.Kueue/Deployment/manager',
        attribute: 'manifest.spec.template.spec.containers[0].securityContext.privileged',
      }),
    ]);
  });

  test('passes where it keeps them', async () => {
    expect(await run([file(deployment(SAFE))])).toMatchObject({ code: 0, findings: [] });
  });

  test('stands in the namespace of its release, unless it says another', async () => {
    expect((await run([file(deployment(SAFE))], ['MLP-K8S-001'])).findings).toEqual([]);
    const stray = file(deployment(SAFE, 'name: manager, namespace: default'));
    expect((await run([stray], ['MLP-K8S-001'])).findings).toMatchObject([{ id: 'MLP-K8S-001[namespace]' }]);
  });

  test('is unfolded from lists, and without what only helm test makes', async () => {
    const list = `# Source: kueue/x.yaml
apiVersion: v1
kind: List
items:
  - { apiVersion: v1, kind: ConfigMap, metadata: { name: a, namespace: default } }
  - { apiVersion: v1, kind: Pod, metadata: { name: b, namespace: default, annotations: { helm.sh/hook: test } } }
`;
    const { findings } = await run([file(list)], ['MLP-K8S-001']);
    expect(findings.map(({ address }) => address)).toEqual(['helm_release.Kueue/ConfigMap/a']);
  });

  test('may be a folder, as helm template --output-dir writes', async () => {
    const path = file(deployment('image2: x'), 'out/kueue/templates/manager.yaml');
    expect((await run([join(path, '../../..')])).findings).toMatchObject([{ id: 'MLP-K8S-003[escalation]' }]);
  });

  test.each(['two', 'prod-addons/two', 'helm_release.Two'])('goes to the release that is named: %s', async (name) => {
    const rendered = file(deployment('image2: x').replaceAll('kueue/templates', 'app/templates'));
    expect((await run([`${name}=${rendered}`])).findings).toMatchObject([{ address: 'helm_release.Two/Deployment/manager' }]);
  });
});

describe('what cannot be used is refused with exit code 2', () => {
  test.each([
    [
      'a file that is not there',
      () => 'nowhere.yaml',
      /nowhere.yaml: file cannot be read\n\s+fix: render the chart: helm template/,
    ],
    ['no YAML', () => file('a: [b'), /no YAML that can be parsed, got line 1/],
    ['YAML of something else', () => file('replicas: 2\n'), /no Kubernetes object: it has no kind/],
    [
      'a chart that several releases install',
      () => file(deployment(SAFE).replaceAll('kueue/templates', 'app/templates')),
      /several releases could be meant, got chart app[\s\S]*prod-addons\/t[\s\S]*fix: name the release: --manifests prod-addons\/t/,
    ],
    [
      'a chart that none installs',
      () => file(deployment(SAFE).replaceAll('kueue/templates', 'argo/templates')),
      /no release of these stacks is meant, got chart argo/,
    ],
    [
      'a release that is not there',
      () => `kueu=${file(deployment(SAFE))}`,
      /no release of these stacks is meant, got kueu[\s\S]*e\.g\. prod-addons\/kueue/,
    ],
    ['text without the chart', () => file('kind: ConfigMap\n'), /got no "# Source:" of a chart/],
  ])('%s', async (_, manifests, complaint) => {
    const { code, err, out } = await run([manifests()]);
    expect(err).toMatch(complaint);
    expect(code).toBe(2);
    expect(out).toBe('');
  });
});
