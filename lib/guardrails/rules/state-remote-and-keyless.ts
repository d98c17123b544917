import { expectThat } from '../checks';
import { AttributeValue } from '../model/attribute-value';
import type { ResourceModel } from '../model/stack-model';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
import { Verdict } from '../verdict';

export const stateRemoteAndKeyless: IRule = {
  id: 'MLP-STA-001',
  title: 'state lies in a remote backend, reached by identities, each stack under a key of its own',
  severity: RuleSeverity.HIGH,
  enforcement: RuleEnforcement.ALL,
  resourceTypes: ['terraform'],
  why: 'State holds secrets in clear; a local file is lost with its laptop, and two stacks under one key destroy each other.',
  fix: 'use an azurerm backend with use_azuread_auth and a key of its own (StateBackend does)',
  check: (terraform) => {
    const backends = terraform.value('backend');
    const cloud = terraform.value('cloud');
    if (!cloud.isMissing) return [Verdict.pass()];
    const [kind] = backends.keys;
    if (kind === undefined || kind === 'local') {
      return [
        Verdict.fail({
          value: new AttributeValue('backend', kind),
          finding: 'remote',
          what: 'state is a local file',
          allowed: 'a remote backend',
        }),
      ];
    }
    if (kind !== 'azurerm') return [Verdict.pass()];
    const setting = (name: string) => backends.value(`azurerm.${name}`);
    const twin = sameKey(terraform, setting('key'));
    return [
      expectThat(setting('use_azuread_auth'), { finding: 'entra' }).is(true),
      expectThat(setting('access_key'), { finding: 'key' }).isNotSet(),
      expectThat(setting('sas_token'), { finding: 'sas' }).isNotSet(),
      ...(twin
        ? [
            Verdict.fail({
              value: setting('key'),
              finding: 'unique',
              what: `stack ${twin.stack.name} writes to the same key`,
              allowed: 'a key of its own',
            }),
          ]
        : []),
    ];
  },
};

function sameKey(terraform: ResourceModel, key: AttributeValue): ResourceModel | undefined {
  if (key.literal === undefined) return undefined;
  const place = (one: ResourceModel) =>
    ['storage_account_name', 'container_name', 'key'].map((name) => one.value(`backend.azurerm.${name}`).text).join('/');
  return terraform.stack.inApp('terraform').find((other) => other !== terraform && place(other) === place(terraform));
}
