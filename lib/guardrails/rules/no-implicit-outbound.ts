import { expectThat } from '../checks';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';

export const noImplicitOutbound: IRule = {
  id: 'MLP-NET-005',
  title: 'the way out is chosen, not given',
  severity: RuleSeverity.MEDIUM,
  enforcement: RuleEnforcement.PROD,
  resourceTypes: ['azurerm_subnet', 'azurerm_kubernetes_cluster'],
  why: "Azure's implicit outbound addresses change and cannot be allowed or blocked anywhere.",
  fix: 'set default_outbound_access_enabled = false and outbound_type to userAssignedNATGateway, userDefinedRouting or none (Egress of MlNetwork)',
  mappings: { trivy: ['AZU-0051'] },
  check: (resource) => [
    resource.type === 'azurerm_subnet'
      ? expectThat(resource.value('default_outbound_access_enabled'), { finding: 'subnet' }).is(false)
      : expectThat(resource.value('network_profile.outbound_type'), { finding: 'cluster' }).isNot('loadBalancer'),
  ],
};
