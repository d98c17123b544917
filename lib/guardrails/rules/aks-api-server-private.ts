import { anyOf, expectThat } from '../checks';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';

export const aksApiServerPrivate: IRule = {
  id: 'MLP-AKS-003',
  title: 'the API server of AKS is private',
  severity: RuleSeverity.CRITICAL,
  enforcement: RuleEnforcement.ALL,
  resourceTypes: ['azurerm_kubernetes_cluster'],
  why: 'A public API server is scanned within minutes; one leaked token or one unpatched flaw is then enough.',
  fix: 'set private_cluster_enabled = true, as MlCluster does; outside prod api_server_access_profile.authorized_ip_ranges will do',
  mappings: {
    checkov: ['CKV_AZURE_6', 'CKV_AZURE_115'],
    trivy: ['AZU-0041', 'AZU-0065'],
    psRule: ['Azure.AKS.AuthorizedIPs'],
    benchmark: ['NS-1'],
    azurePolicy: ['AKS_PrivateCluster'],
  },
  check: (cluster) => {
    const isPrivate = expectThat(cluster.value('private_cluster_enabled')).is(true);
    if (cluster.strictness === 'prod') return [isPrivate];
    const ranges = cluster.value('api_server_access_profile.authorized_ip_ranges');
    const closed = expectThat(ranges).excludes((range) => /^0\.0\.0\.0$|\/0$/.test(range), 'ranges without 0.0.0.0/0', [
      ['0.0.0.0/0'],
    ]);
    return [anyOf(isPrivate, ranges.length > 0 || ranges.isUnresolved ? closed : isPrivate)];
  },
};
