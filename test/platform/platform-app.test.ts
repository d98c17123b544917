import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ResourceGroup as AzurermResourceGroup } from '@cdktf/provider-azurerm/lib/resource-group';
import { Aspects, LocalBackend, TerraformStack } from 'cdktf';
import { Construct, type IConstruct } from 'constructs';
import { describe, expect, test } from 'vitest';
import { AzureProvider } from '../../lib/core/azure-provider';
import { PlatformApp, StateBackend } from '../../lib/platform';
import { synth, testEnvironment } from '../helpers/synth';

function appWith(...names: string[]) {
  const outdir = mkdtempSync(join(tmpdir(), 'platform-app-'));
  const app = new PlatformApp({ outdir });
  const stacks = names.map((name) => {
    const stack = new TerraformStack(app, name);
    new LocalBackend(stack, { path: 'terraform.tfstate' });
    testEnvironment().attach(stack);
    AzureProvider.attach(stack, testEnvironment());
    return stack;
  });
  return { app, outdir, stacks };
}

function group(scope: Construct, id: string): AzurermResourceGroup {
  return new AzurermResourceGroup(scope, id, { name: 'rg', location: 'westeurope' });
}

describe('PlatformApp', () => {
  test('writes every stack when all are sound', () => {
    const { app, outdir, stacks } = appWith('one', 'two');
    for (const stack of stacks) group(stack, 'Group');
    app.synth();
    expect(readdirSync(join(outdir, 'stacks')).sort()).toEqual(['one', 'two']);
    const written = JSON.parse(readFileSync(join(outdir, 'stacks/two/cdk.tf.json'), 'utf8'));
    expect(written.resource.azurerm_resource_group.Group.name).toBe('rg');
  });

  test('writes no stack when the last one fails, and tells the problems of all', () => {
    const { app, outdir, stacks } = appWith('one', 'two', 'three');
    stacks[0]?.node.addValidation({ validate: () => ['one: first problem'] });
    stacks[2]?.node.addValidation({ validate: () => ['another problem'] });
    expect(() => app.synth()).toThrow(/2 problems, nothing was written:\n\none: first problem\n\nthree: another problem/);
    expect(readdirSync(join(outdir, 'stacks'))).toEqual([]);
    expect(existsSync(join(outdir, 'manifest.json'))).toBe(false);
  });

  test('refuses two resources at one address, which cdktf would merge', () => {
    const { app, stacks } = appWith('one');
    const [stack] = stacks as [TerraformStack];
    group(stack, 'A').overrideLogicalId('same');
    group(stack, 'B').overrideLogicalId('same');
    expect(() => app.synth()).toThrow(
      /one: resources share one Terraform address.*azurerm_resource_group\.same from one\/A and one\/B/,
    );
  });

  test('refuses a construct called Default that hides its children behind the address of its parent', () => {
    const { app, stacks } = appWith('one');
    const parent = new Construct(stacks[0] as TerraformStack, 'P');
    group(parent, 'X');
    group(new Construct(parent, 'Default'), 'X');
    expect(() => app.synth()).toThrow(/one\/P\/X and one\/P\/Default\/X/);
  });

  test('shows each aspect each construct once', () => {
    const { app, stacks } = appWith('one');
    const [stack] = stacks as [TerraformStack];
    group(stack, 'Group');
    const seen: string[] = [];
    Aspects.of(stack).add({ visit: (node: IConstruct) => seen.push(node.node.path) });
    app.synth();
    expect(seen).toContain('one/Group');
    expect(seen).toEqual([...new Set(seen)]);
  });

  test('writes what aspects changed', () => {
    const { app, outdir, stacks } = appWith('one');
    const [stack] = stacks as [TerraformStack];
    group(stack, 'Group');
    Aspects.of(stack).add({
      visit: (node: IConstruct) => {
        if (node instanceof AzurermResourceGroup) node.addOverride('managed_by', 'aspect');
      },
    });
    app.synth();
    expect(readFileSync(join(outdir, 'stacks/one/cdk.tf.json'), 'utf8')).toContain('"managed_by": "aspect"');
  });

  test.each([
    ['an earlier', 0, 1],
    ['a later', 1, 0],
  ])('carries what a stack takes from %s stack by output and remote state, as cdktf does', (_, from, to) => {
    const { app, outdir, stacks } = appWith('one', 'two');
    const source = stacks[from] as TerraformStack;
    const target = stacks[to] as TerraformStack;
    const id = group(source, 'Source').id;
    new AzurermResourceGroup(target, 'Target', { name: 'rg', location: 'westeurope', managedBy: id });
    app.synth();
    const read = (stack: TerraformStack) =>
      JSON.parse(readFileSync(join(outdir, 'stacks', stack.node.id, 'cdk.tf.json'), 'utf8'));
    const [output = ''] = Object.keys(read(source).output);
    expect(read(source).output[output].value).toBe('${azurerm_resource_group.Source.id}');
    expect(read(target).resource.azurerm_resource_group.Target.managed_by).toBe(
      `\${data.terraform_remote_state.cross-stack-reference-input-${source.node.id}.outputs.${output}}`,
    );
    expect(read(target).data.terraform_remote_state).toHaveProperty(`cross-stack-reference-input-${source.node.id}`);
  });

  test('resolves what an override of the stack names', () => {
    const { app, outdir, stacks } = appWith('one');
    const [stack] = stacks as [TerraformStack];
    stack.addOverride('check.group.assert', [{ condition: true, error_message: group(stack, 'Group').name }]);
    app.synth();
    expect(readFileSync(join(outdir, 'stacks/one/cdk.tf.json'), 'utf8')).toContain('${azurerm_resource_group.Group.name}');
  });

  test('checks nothing where the app asks for it', () => {
    const outdir = mkdtempSync(join(tmpdir(), 'platform-app-'));
    const app = new PlatformApp({ outdir, skipValidation: true });
    const stack = new TerraformStack(app, 'one');
    new LocalBackend(stack, { path: 'terraform.tfstate' });
    stack.node.addValidation({ validate: () => ['a problem'] });
    app.synth();
    expect(readdirSync(join(outdir, 'stacks'))).toEqual(['one']);
  });
});

describe('StateBackend', () => {
  test('keeps each stack in a blob of its own, by identity', () => {
    const { stacks } = appWith();
    expect(stacks).toEqual([]);
    const stack = new TerraformStack(new PlatformApp({ outdir: mkdtempSync(join(tmpdir(), 'state-')) }), 'prod-addons');
    new StateBackend({
      subscriptionId: 's',
      tenantId: 't',
      resourceGroupName: 'rg',
      storageAccountName: 'st',
      containerName: 'tfstate',
    }).attach(stack);
    expect(synth(stack).terraform).toEqual({
      backend: {
        azurerm: {
          subscription_id: 's',
          tenant_id: 't',
          resource_group_name: 'rg',
          storage_account_name: 'st',
          container_name: 'tfstate',
          key: 'prod-addons.tfstate',
          use_azuread_auth: true,
        },
      },
    });
  });
});
