import { exists, expectThat } from '../checks';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
import { Verdict } from '../verdict';

/** Azure forbids a group on these, or keeps one itself. */
const EXEMPT = ['GatewaySubnet', 'AzureFirewallSubnet', 'AzureFirewallManagementSubnet', 'RouteServerSubnet'];

export const subnetsHaveNsg: IRule = {
  id: 'MLP-NET-003',
  title: 'every subnet has a network security group',
  severity: RuleSeverity.MEDIUM,
  enforcement: RuleEnforcement.ALL,
  resourceTypes: ['azurerm_subnet', 'azurerm_virtual_network'],
  why: 'Without one, whatever a subnet holds talks to every other subnet.',
  fix: 'associate a network security group, as Subnet of MlNetwork does',
  mappings: { checkov: ['CKV2_AZURE_31'], psRule: ['Azure.VNET.UseNSGs'], benchmark: ['NS-1'] },
  check: (resource) => {
    if (resource.type === 'azurerm_virtual_network') {
      return resource
        .blocks('subnet')
        .filter((subnet) => !EXEMPT.includes(subnet.value('name').text))
        .map((subnet) => expectThat(subnet.value('security_group'), { finding: 'inline' }).isSet());
    }
    const name = resource.value('name');
    if (EXEMPT.includes(name.text) || !resource.value('delegation').isMissing) return [];
    const associations = resource.stack.referrers('azurerm_subnet_network_security_group_association', 'subnet_id', resource);
    if (associations.length === 0 && name.isUnresolved) return [Verdict.unknown(name)];
    return [
      exists(
        associations.map((association) => association.address),
        'network security group',
      ),
    ];
  },
};
