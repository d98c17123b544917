import {
  coversPort,
  NETWORK_RULE_TYPES,
  type NetworkRule,
  networkRulesOf,
  opensToInternet,
  sourceOf,
} from '../facets/network-rule';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
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
  check: (resource) => networkRulesOf(resource).map(judge),
};

function judge(rule: NetworkRule): Verdict {
  const [source, access] = [sourceOf(rule), rule.field('access')];
  const covers = coversPort(rule, [22, 3389]);
  if (covers === false) return Verdict.pass();
  const open = opensToInternet(rule);
  if (open === undefined || (open && covers === undefined)) return Verdict.unknown(source);
  if (open) return Verdict.fail({ value: source, what: 'port 22 or 3389 is open', allowed: 'no inbound Allow' });
  if (!covers || rule.field('direction').text !== 'Inbound') return Verdict.pass();
  // What keeps the internet out: that the rule denies, or whom it lets in.
  return access.text === 'Allow' ? Verdict.pass(source)._refusing('*') : Verdict.pass(access);
}
