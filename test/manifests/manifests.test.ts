import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, LocalBackend, TerraformStack, TerraformVariable, Testing } from 'cdktf';
import { describe, expect, test } from 'vitest';
import { PlatformContract } from '../../lib/contract';
import { Manifests } from '../../lib/manifests';
import { contractAttributes } from '../helpers/contract';
import { synth, synthesized } from '../helpers/synth';

const FLAVOR = { apiVersion: 'kueue.x-k8s.io/v1beta2', kind: 'ResourceFlavor', metadata: { name: 't4' } };

function manifests(objects: { [key: string]: unknown }[], stack = new TerraformStack(Testing.app(), 'App')): TerraformStack {
  const platform = PlatformContract.fromAttributes(stack, 'Platform', contractAttributes());
  new Manifests(stack, 'Queues', { platform, namespace: 'kueue-system', releaseName: 'queues', objects });
  return stack;
}

function objectsOf(stack: TerraformStack): unknown[] {
  const { values } = synthesized(stack, 'helm_release.Queues') as { values: [string] };
  return (JSON.parse(values[0]) as { objects: unknown[] }).objects;
}

describe('Manifests', () => {
  test('sends objects as values of one release, in readable JSON', () => {
    const stack = manifests([FLAVOR]);
    expect(objectsOf(stack)).toEqual([FLAVOR]);
    expect(synthesized(stack, 'helm_release.Queues')).toMatchObject({
      name: 'queues',
      namespace: 'kueue-system',
      max_history: 5,
    });
  });

  test('brings the chart along, once for all releases of a stack', () => {
    const outdir = mkdtempSync(join(tmpdir(), 'manifests-'));
    const stack = manifests([FLAVOR], new TerraformStack(new App({ outdir }), 'App'));
    new LocalBackend(stack, { path: 'terraform.tfstate' });
    const platform = PlatformContract.fromAttributes(stack, 'Again', contractAttributes());
    const { chart } = synthesized(stack, 'helm_release.Queues') as { chart: string };
    new Manifests(stack, 'More', { platform, namespace: 'default', releaseName: 'more', objects: [FLAVOR] });
    (stack.node.root as App).synth();
    expect(readdirSync(join(outdir, 'stacks/App/assets'))).toHaveLength(1);
    expect(existsSync(join(outdir, 'stacks/App', chart, 'templates/objects.yaml'))).toBe(true);
  });

  test('keeps what looks like a template of Terraform as it is', () => {
    const command = ['sh', '-c', 'echo ${HOME} %{host}'];
    const stack = manifests([{ ...FLAVOR, spec: { command } }]);
    const { values } = synthesized(stack, 'helm_release.Queues') as { values: [string] };
    expect(values[0]).toContain('echo $${HOME} %%{host}');
  });

  test('lets a reference to a resource through', () => {
    const stack = new TerraformStack(Testing.app(), 'App');
    const platform = PlatformContract.fromAttributes(stack, 'Platform', contractAttributes());
    const first = new Manifests(stack, 'First', { platform, namespace: 'a', releaseName: 'first', objects: [FLAVOR] });
    const clientId = new TerraformVariable(stack, 'client', { type: 'string' }).stringValue;
    new Manifests(stack, 'Queues', {
      platform,
      namespace: 'a',
      releaseName: 'queues',
      dependsOn: [first.dependable],
      objects: [{ ...FLAVOR, spec: { clientId } }],
    });
    expect(objectsOf(stack)).toEqual([{ ...FLAVOR, spec: { clientId: '${var.client}' } }]);
    expect(synthesized(stack, 'helm_release.Queues')).toMatchObject({ depends_on: ['helm_release.First'] });
  });

  test('says what an object lacks', () => {
    expect(() => manifests([{ kind: 'ResourceFlavor', metadata: {} }])).toThrow(
      /App\/Queues: a Kubernetes object is not complete, got ResourceFlavor without apiVersion, metadata\.name/,
    );
  });

  test('needs no cluster at plan: no kubernetes_manifest', () => {
    expect(Object.keys(synth(manifests([FLAVOR])).resource ?? {})).toEqual(['helm_release']);
  });
});

describe('a release of manifests', () => {
  test('takes other objects until the stack is written', () => {
    const stack = new TerraformStack(Testing.app(), 'App');
    const platform = PlatformContract.fromAttributes(stack, 'Platform', contractAttributes());
    const queues = new Manifests(stack, 'Queues', { platform, namespace: 'a', releaseName: 'queues', objects: [FLAVOR] });
    const other = { ...FLAVOR, metadata: { name: 'a100' } };
    queues.replaceObjects([other]);
    expect(objectsOf(stack)).toEqual([other]);
  });

  test('refuses two objects of one kind and name, and takes them in two namespaces', () => {
    expect(() => manifests([FLAVOR, FLAVOR])).toThrow(/two objects of a release are the same, got ResourceFlavor\/t4 twice/);
    const map = (namespace: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace } });
    expect(objectsOf(manifests([map('x'), map('y')]))).toHaveLength(2);
  });

  test('refuses what Helm could not keep in one Secret, and takes as much when it is repetitive', () => {
    const map = (text: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { text } });
    expect(() => manifests([map('x'.repeat(2_000_000))])).not.toThrow();
    expect(() => manifests([map(randomBytes(700_000).toString('base64'))])).toThrow(
      /objects are too large for one release.*1 MiB.*KiB, compressed.*allowed: 1024 KiB/s,
    );
  });

  test.each(['Queues', 'q'.repeat(54), '-queues'])('refuses the name %s', (releaseName) => {
    const stack = new TerraformStack(Testing.app(), 'App');
    const platform = PlatformContract.fromAttributes(stack, 'Platform', contractAttributes());
    expect(() => new Manifests(stack, 'Queues', { platform, namespace: 'a', releaseName, objects: [] })).toThrow(
      /releaseName is not valid.*1-53/s,
    );
  });
});
