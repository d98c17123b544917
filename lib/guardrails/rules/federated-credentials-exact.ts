import { expectThat } from '../checks';
import type { ResourceModel } from '../model/stack-model';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
import { Verdict } from '../verdict';

export const federatedCredentialsExact: IRule = {
  id: 'MLP-IAM-005',
  title: 'federated credentials trust one workload',
  severity: RuleSeverity.HIGH,
  enforcement: RuleEnforcement.ALL,
  resourceTypes: ['azurerm_federated_identity_credential'],
  why: 'A credential that trusts a branch pattern or a foreign issuer lets others act as the identity.',
  fix: 'name one service account, or repository and environment (WorkloadIdentity and FederatedCredential do)',
  check: (credential) => {
    const audience = credential.value('audience');
    const subject = credential.value('subject');
    return [
      expectThat(audience, { finding: 'audience' }).holds(
        () => audience.strings.length === 1 && audience.strings[0] === 'api://AzureADTokenExchange',
        'api://AzureADTokenExchange',
        [['api://other']],
      ),
      issuer(credential),
      expectThat(subject, { finding: 'subject' }).holds(
        () => EXACT_SUBJECTS.some((pattern) => pattern.test(subject.text)),
        'system:serviceaccount:<namespace>:<name>, repo:<owner>/<repository>:environment:<name> or sc://<organization>/<project>/<connection>',
        ['system:serviceaccount:*:*', 'repo:acme/ml:pull_request'],
      ),
    ];
  },
};

const EXACT_SUBJECTS = [
  /^system:serviceaccount:[a-z0-9-]+:[a-z0-9.-]+$/,
  /^repo:[^*:/]+\/[^*:/]+:environment:[^*:]+$/,
  /^sc:\/\/[^*/]+\/[^*/]+\/[^*/]+$/,
  /^\/eid1\/[^*]+$/,
];
const ISSUERS =
  /^https:\/\/([a-z0-9-]+\.oic\.prod-aks\.azure\.com\/|oidc\.prod-aks\.azure\.com\/|token\.actions\.githubusercontent\.com|vstoken\.dev\.azure\.com\/|login\.microsoftonline\.com\/)/;

function issuer(credential: ResourceModel): Verdict {
  const value = credential.value('issuer');
  const fromCluster = value.isReference && /kubernetes_cluster\.[^.]+\.oidc_issuer_url/.test(value.text);
  if (fromCluster) return Verdict.pass(value)._refusing('https://issuer.example/');
  return expectThat(value, { finding: 'issuer' }).matches(ISSUERS, 'the issuer of the cluster, GitHub Actions or Azure DevOps', [
    'https://issuer.example/',
  ]);
}
