import { masked } from '../checks';
import { isSecretName, secretsInValues } from '../facets/secret-name';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
import { Verdict } from '../verdict';

export const helmNoSecrets: IRule = {
  id: 'MLP-HLM-002',
  title: 'releases carry no secret',
  severity: RuleSeverity.HIGH,
  enforcement: RuleEnforcement.ALL,
  resourceTypes: ['helm_release'],
  why: "Values, and set_sensitive too, stand in clear in the synthesized JSON and in the release's history.",
  fix: 'use set_wo, or a secret that External Secrets brings',
  check: (release) => {
    const values = release.value('values');
    const inValues = values.strings.flatMap(secretsInValues);
    const sets = ['set', 'set_list'].flatMap((list) => release.blocks(list));
    const named = sets.filter((set) => isSecretName(set.value('name').text));
    const sensitive = release.blocks('set_sensitive');
    if (values.isUnresolved) return [Verdict.unknown(values, 'values')];
    return [
      inValues.length > 0
        ? Verdict.fail({
            value: masked(values),
            finding: 'values',
            what: `looks like a secret: ${inValues.slice(0, 5).join(', ')}`,
            allowed: 'set_wo',
          })
        : Verdict.pass(),
      ...named.map((set) =>
        set.value('value').isUnresolved
          ? Verdict.unknown(set.value('value'), 'set')
          : Verdict.fail({
              value: masked(set.value('value')),
              finding: 'set',
              what: `sets ${set.value('name').text} in clear`,
              allowed: 'set_wo',
            }),
      ),
      ...sensitive
        .filter((set) => !set.value('value').isUnresolved)
        .map((set) =>
          Verdict.fail({
            value: masked(set.value('value')),
            finding: 'set-sensitive',
            what: `sets ${set.value('name').text} in clear`,
            allowed: 'set_wo',
          }),
        ),
    ];
  },
};
