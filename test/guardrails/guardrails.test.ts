import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KeyVault } from '@cdktf/provider-azurerm/lib/key-vault';
import { KubernetesCluster } from '@cdktf/provider-azurerm/lib/kubernetes-cluster';
import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { App, TerraformStack, Testing } from 'cdktf';
import { Construct } from 'constructs';
import { describe, expect, test } from 'vitest';
import { GuardrailPack, Guardrails, type IRule, RuleEnforcement, RuleSeverity, Verdict } from '../../lib/guardrails';
import { evaluate } from '../../lib/guardrails/evaluation';
import { asApp } from '../../lib/guardrails/model/app';
import type { StackModel } from '../../lib/guardrails/model/stack-model';
import { readSynthesizedStack } from '../../lib/guardrails/model/synth-reader';

const TAGS = { owner: 'ml-platform', 'cost-center': 'CC-1', environment: 'prod', 'data-classification': 'internal' };
const ONE_RULE = GuardrailPack.BASELINE.only('MLP-AKS-001');
const TODAY = '2026-11-21';

class Cluster extends Construct {
  constructor(scope: Construct, id: string, localAccountDisabled?: boolean) {
    super(scope, id);
    new KubernetesCluster(this, 'Default', {
      name: 'aks',
      location: 'westeurope',
      resourceGroupName: 'rg',
      localAccountDisabled,
      tags: TAGS,
      defaultNodePool: { name: 'system', vmSize: 'Standard_D4ds_v5' },
    });
  }
}

function app(localAccountDisabled?: boolean, stackName = 'prod-foundation') {
  const root: App = Testing.app();
  const stack = new TerraformStack(root, stackName);
  new AzurermProvider(stack, 'Azurerm', { features: [{}] });
  return { root, stack, cluster: new Cluster(stack, 'Cluster', localAccountDisabled) };
}

const ACKNOWLEDGEMENT = {
  rule: 'MLP-AKS-001',
  reason: 'the Azure ML extension of this cluster needs a local account until it is replaced',
  owner: 'ml-platform',
  expires: '2027-02-01',
};

describe('Guardrails.apply', () => {
  test('fails synth with path, rule, value seen, allowed and fix', () => {
    const { root } = app();
    Guardrails.apply(root, ONE_RULE, { today: TODAY });
    expect(() => root.synth()).toThrow(
      /prod-foundation\/Cluster: MLP-AKS-001 AKS has no local accounts: local_account_disabled, got false \(provider default\)\n\s+allowed: true\n\s+fix: set local_account_disabled = true/,
    );
  });

  test('lets a stack that keeps the rules pass', () => {
    const { root } = app(true);
    Guardrails.apply(root, ONE_RULE, { today: TODAY });
    expect(() => root.synth()).not.toThrow();
  });

  test('sees what an override changes after the construct is built', () => {
    const { root, stack, cluster } = app(true);
    (cluster.node.defaultChild as KubernetesCluster).addOverride('local_account_disabled', false);
    Guardrails.apply(root, ONE_RULE, { today: TODAY });
    expect(stack.node.validate()[0]).toContain('got false');
  });

  test('does not fail on what the plan must tell', () => {
    const { root, cluster } = app(true);
    (cluster.node.defaultChild as KubernetesCluster).addOverride('local_account_disabled', '${var.off}');
    Guardrails.apply(root, ONE_RULE, { today: TODAY });
    expect(() => root.synth()).not.toThrow();
  });

  test('writes what it found beside the stacks, with who acknowledged it until when', () => {
    const outdir = mkdtempSync(join(tmpdir(), 'guardrails-'));
    const root = new App({ outdir });
    const stack = new TerraformStack(root, 'prod-foundation');
    new AzurermProvider(stack, 'Azurerm', { features: [{}] });
    Guardrails.of(new Cluster(stack, 'Cluster', false)).acknowledge(ACKNOWLEDGEMENT);
    Guardrails.apply(root, ONE_RULE, { today: TODAY });
    root.synth();
    expect(JSON.parse(readFileSync(join(outdir, 'guardrails/prod-foundation.json'), 'utf8'))).toMatchObject({
      pack: 'baseline',
      strictness: 'prod',
      findings: [{ id: 'MLP-AKS-001', status: 'acknowledged', acknowledgement: { owner: 'ml-platform', expires: '2027-02-01' } }],
    });
  });

  test('tells which constructs write to one address', () => {
    const { root, stack } = app(true);
    for (const id of ['One', 'Two']) {
      new KeyVault(stack, id, {
        name: 'kv',
        location: 'x',
        resourceGroupName: 'rg',
        skuName: 'standard',
        tenantId: 'x',
      }).overrideLogicalId('Vault');
    }
    Guardrails.apply(root, GuardrailPack.BASELINE.only('MLP-STA-005'), { today: TODAY });
    expect(stack.node.validate().join()).toMatch(
      /MLP-STA-005\[shared-address\].*got azurerm_key_vault\.Vault from prod-foundation\/One and prod-foundation\/Two/,
    );
  });

  test('refuses an app without stacks, as it was called too early', () => {
    expect(() => Guardrails.apply(Testing.app(), ONE_RULE)).toThrow(/no stack.*\n {2}fix: call it last/);
  });
});

describe('acknowledgements', () => {
  function findings(
    props: Partial<typeof ACKNOWLEDGEMENT> & { ticket?: string; finding?: string },
    today = TODAY,
    strict = false,
  ): string[] {
    const { root, stack, cluster } = app();
    Guardrails.of(cluster).acknowledge({ ...ACKNOWLEDGEMENT, ...props });
    Guardrails.apply(root, ONE_RULE, { today, strict });
    return stack.node.validate();
  }

  test('cover the construct and what lies below it', () => {
    expect(findings({})).toEqual([]);
  });

  test('travel in the JSON of the stack', () => {
    const { stack, cluster } = app();
    Guardrails.of(cluster).acknowledge(ACKNOWLEDGEMENT);
    expect(stack.toTerraform()['//'].guardrails.acknowledgements).toEqual([
      { path: 'prod-foundation/Cluster', ...ACKNOWLEDGEMENT },
    ]);
  });

  test('hold on their last day and fail the day after, saying so', () => {
    expect(findings({ expires: TODAY })).toEqual([]);
    expect(findings({}, '2027-02-02')).toEqual([expect.stringContaining('acknowledged by ml-platform, expired on 2027-02-01')]);
  });

  test('reach at most 180 days ahead in prod', () => {
    expect(findings({ expires: '2027-05-20' })).toEqual([]);
    expect(findings({ expires: '2027-05-21' }).join()).toContain('it ends in 181 days; at most 180 are allowed in prod');
  });

  test('of one finding do not cover another', () => {
    expect(findings({ finding: 'other' })).toHaveLength(1);
  });

  test('that cover nothing are an error under strict only', () => {
    const unused = (strict: boolean) => {
      const { root, stack, cluster } = app(true);
      Guardrails.of(cluster).acknowledge(ACKNOWLEDGEMENT);
      Guardrails.apply(root, ONE_RULE, { today: TODAY, strict });
      return stack.node.validate();
    };
    expect(unused(false)).toEqual([]);
    expect(unused(true)).toEqual([expect.stringContaining('it covers no finding')]);
  });

  test.each([
    ['an unknown rule, naming the nearest', { rule: 'MLP-AKS-01' }, /no rule has this id, got "MLP-AKS-01"[\s\S]*MLP-AKS-0/],
    ['a wildcard', { rule: 'MLP-AKS-*' }, /no rule has this id/],
    ['a family that there is not', { rule: 'MLP-XYZ' }, /no rule has this id/],
    [
      'a finding of a family',
      { rule: 'MLP-AKS', finding: 'x' },
      /a family of rules has no findings of its own, got MLP-AKS\[x\]/,
    ],
    ['a short reason', { reason: 'needed' }, /reason for MLP-AKS-001 is too short/],
    ['the title of the rule as reason', { reason: 'AKS has no local accounts' }, /too short/],
    ['an empty owner', { owner: ' ' }, /owner of the acknowledgement/],
    ['a date that is none', { expires: 'next year' }, /is no date, got "next year"/],
  ])('refuse %s', (_, props, message) => {
    const { cluster } = app();
    expect(() => Guardrails.of(cluster).acknowledge({ ...ACKNOWLEDGEMENT, ...props })).toThrow(message);
  });

  describe('of a family of rules, for a migration', () => {
    const family = { ...ACKNOWLEDGEMENT, rule: 'MLP-AKS' };
    function judged(pack = GuardrailPack.BASELINE.only('MLP-AKS-001', 'MLP-AKS-003', 'MLP-NPL-002'), ...more: (typeof family)[]) {
      const { stack, cluster } = app(false);
      for (const one of [family, ...more]) Guardrails.of(cluster).acknowledge(one);
      const [model] = asApp([readSynthesizedStack('prod-foundation', stack.toTerraform())]);
      const { findings } = evaluate(model as StackModel, pack, { today: TODAY });
      return findings.map(({ id, status, level, acknowledgement }) =>
        `${id} ${status} ${level} ${acknowledgement?.rule ?? ''}`.trim(),
      );
    }

    test('cover its rules, warn each time, and leave critical rules and other families open', () => {
      expect(judged()).toEqual([
        'MLP-AKS-003 open error',
        'MLP-NPL-002 open error',
        'MLP-ACK-004 open warning',
        'MLP-AKS-001 acknowledged error MLP-AKS',
      ]);
    });

    test('stand back behind the exact one', () => {
      expect(judged(GuardrailPack.BASELINE.only('MLP-AKS-001'), ACKNOWLEDGEMENT)).toEqual([
        'MLP-ACK-001 open warning',
        'MLP-ACK-004 open warning',
        'MLP-AKS-001 acknowledged error MLP-AKS-001',
      ]);
    });
  });

  test('never cover a role on a management group', () => {
    const record = { ...ACKNOWLEDGEMENT, path: 'prod-x', rule: 'MLP-IAM-002' };
    const [model] = asApp([
      readSynthesizedStack('prod-x', {
        '//': { guardrails: { acknowledgements: [record] } },
        resource: {
          azurerm_role_assignment: {
            Root: {
              '//': { metadata: { path: 'prod-x/Root' } },
              scope: '/providers/Microsoft.Management/managementGroups/root',
              role_definition_name: 'Reader',
            },
          },
        },
      }),
    ]);
    const { findings } = evaluate(model as StackModel, GuardrailPack.BASELINE.only('MLP-IAM-002'), { today: TODAY });
    expect(findings).toMatchObject([{ status: 'open', remark: 'no acknowledgement covers this' }]);
  });

  test('refuse the app', () => {
    expect(() => Guardrails.of(app().root).acknowledge(ACKNOWLEDGEMENT)).toThrow(/never the app/);
  });
});

describe('GuardrailPack', () => {
  const own: IRule = {
    id: 'ACME-001',
    title: 'clusters are called aks',
    severity: RuleSeverity.HIGH,
    enforcement: RuleEnforcement.ALL,
    resourceTypes: ['azurerm_kubernetes_cluster'],
    why: 'an example',
    fix: 'rename it',
    check: (cluster) => [
      cluster.value('name').literal === 'other' ? Verdict.pass() : Verdict.fail({ value: cluster.value('name') }),
    ],
  };

  test('takes a rule of your own', () => {
    const { root, stack } = app(true);
    Guardrails.apply(root, GuardrailPack.of('acme', []).with(own), { today: TODAY });
    expect(stack.node.validate()).toEqual([expect.stringContaining('ACME-001 clusters are called aks: name, got aks')]);
  });

  test('takes rules out by id, and says which ids there are', () => {
    expect(GuardrailPack.BASELINE.without('MLP-AKS-001').rules.map((rule) => rule.id)).not.toContain('MLP-AKS-001');
    expect(() => GuardrailPack.BASELINE.without('MLP-AKS-1')).toThrow(/no such rule, got "MLP-AKS-1"[\s\S]*MLP-AKS-0/);
  });

  test('refuses two rules of one id', () => {
    expect(() => GuardrailPack.of('acme', [own, own])).toThrow(/two rules have one id, got ACME-001/);
  });

  test('raises a severity and refuses to lower one', () => {
    const raised = GuardrailPack.BASELINE.raising('MLP-TAG-001', RuleSeverity.HIGH);
    expect(raised.rules.find((rule) => rule.id === 'MLP-TAG-001')?.severity).toBe(RuleSeverity.HIGH);
    expect(() => GuardrailPack.BASELINE.raising('MLP-AKS-001', RuleSeverity.LOW)).toThrow(/is lowered, got low/);
  });

  test('keeps what it allows, and its strictness, through every change', () => {
    const pack = GuardrailPack.PRODUCTION.allowingLocations('westeurope')
      .allowingRegistries('registry.acme.example')
      .with(own)
      .without('MLP-CST-003')
      .raising('MLP-TAG-001', RuleSeverity.HIGH)
      .only('ACME-001', 'MLP-TAG-001');
    expect(pack._allowed).toEqual({ locations: ['westeurope'], registries: ['registry.acme.example'] });
    expect(pack._strictness).toBe('prod');
    expect(GuardrailPack.PRODUCTION._allowed).toEqual({});
  });

  test.each(['baseline', 'production', 'regulated', 'cost'])('finds %s by its name', (name) => {
    expect(GuardrailPack.named(name).packName).toBe(name);
  });

  test('names the packs there are', () => {
    expect(() => GuardrailPack.named('strict')).toThrow(/baseline, production, regulated, cost/);
  });

  test('for production judges every stack as prod', () => {
    expect(GuardrailPack.BASELINE.asProduction()._strictness).toBe('prod');
  });
});
