import { coversPort, NETWORK_RULE_TYPES, networkRulesOf, opensToInternet, sourceOf } from '../facets/network-rule';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
import { Verdict } from '../verdict';

export const noInboundFromInternet: IRule = {
  id: 'MLP-NET-002',
  title: 'nothing else lets the internet in',
  severity: RuleSeverity.HIGH,
  enforcement: RuleEnforcement.DEV_RELAXED,
  resourceTypes: NETWORK_RULE_TYPES,
  why: 'Whatever listens behind the rule is reachable by everyone.',
  fix: 'name the sources, or a service tag other than Internet; publish services through a gateway',
  mappings: { checkov: ['CKV_AZURE_77', 'CKV_AZURE_160'], trivy: ['AZU-0047', 'AZU-0074'] },
  check: (resource) =>
    networkRulesOf(resource).flatMap((rule) => {
      const source = sourceOf(rule);
      const open = opensToInternet(rule);
      // MLP-NET-001 has told about these
      if (open && coversPort(rule, [22, 3389])) return [];
      if (open === undefined) return [Verdict.unknown(source)];
      return [open ? Verdict.fail({ value: source, allowed: 'named sources' }) : Verdict.pass()];
    }),
};
