import { expectThat } from '../checks';
import { AttributeValue } from '../model/attribute-value';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
import { Verdict } from '../verdict';

export const stacksStandApart: IRule = {
  id: 'MLP-STA-005',
  title: 'cluster and cluster contents are separate stacks, addresses are unique, and nothing runs scripts at apply',
  severity: RuleSeverity.HIGH,
  enforcement: RuleEnforcement.ALL,
  resourceTypes: ['provider', 'terraform', '*'],
  why: 'A Kubernetes provider fed by a cluster of the same state loses its address when the cluster changes, and plans against localhost.',
  fix: 'put Kubernetes and Helm resources into the add-ons stack, which reads the cluster by data source; drop provisioners',
  check: (resource) => {
    if (resource.type === 'terraform') return resource.stack.sharedAddresses.map(shared);
    // Objects in the values of a release are no resources of Terraform.
    if (resource.address.includes('/')) return [];
    if (resource.type !== 'provider') {
      // Asked of every resource there is, and hardly any has one.
      return 'provisioner' in resource.attributes
        ? [expectThat(resource.value('provisioner'), { finding: 'provisioner' }).isNotSet()]
        : [];
    }
    if (!['kubernetes', 'helm'].includes(resource.name)) return [];
    const [cluster] = resource.stack.ofType('azurerm_kubernetes_cluster');
    return [
      cluster
        ? Verdict.fail({
            value: new AttributeValue('provider', resource.name),
            finding: 'provider',
            what: `the stack also makes ${cluster.address}`,
            allowed: 'a stack of its own',
          })
        : Verdict.pass(),
    ];
  },
};

function shared(sharing: string): Verdict {
  return Verdict.fail({
    value: new AttributeValue('resource', sharing),
    finding: 'shared-address',
    what: 'two resources write to one address, and the last one wins key by key',
    allowed: 'one resource for an address',
    fix: 'give one of the constructs another id, or drop the overrideLogicalId',
  });
}
