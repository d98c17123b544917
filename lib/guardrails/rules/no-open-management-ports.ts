import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
import { coversPort, NETWORK_RULE_TYPES, networkRulesOf, opensToInternet, sourceOf } from '../shared/network-rule';
import { Verdict } from '../verdict';

export const noOpenManagementPorts: IRule = {
  id: 'MLP-NET-001',
  title: 'SSH and RDP are closed to the internet',
  severity: RuleSeverity.CRITICAL,
  enforcement: RuleEnforcement.ALL,
  resourceTypes: NETWORK_RULE_TYPES,
  why: 'Open management ports are attacked within minutes of their birth.',
  fix: 'drop the rule; reach nodes through Bastion or the API server',
  mappings: { checkov: ['CKV_AZURE_9', 'CKV_AZURE_10'], trivy: ['AZU-0048', 'AZU-0050'], psRule: ['Azure.NSG.AnyInboundSource'] },
  check: (resource) =>
    networkRulesOf(resource).map((rule) => {
      const source = sourceOf(rule);
      const [open, covers] = [opensToInternet(rule), coversPort(rule, [22, 3389])];
      if (open === false || covers === false)
        return open === false && !source.isMissing ? Verdict.pass(source)._refusing(...(covers ? ['*'] : [])) : Verdict.pass();
      return open && covers
        ? Verdict.fail({ value: source, what: 'port 22 or 3389 is open', allowed: 'no inbound Allow' })
        : Verdict.unknown(source);
    }),
};
