import { expectThat, masked } from '../checks';
import { isSecretName, secretsIn } from '../facets/secret-name';
import type { AttributeValue } from '../model/attribute-value';
import type { ResourceModel } from '../model/stack-model';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
import { Verdict } from '../verdict';

const CREDENTIAL =
  /\.(kube_config|kube_admin_config|kube_config_raw|kube_admin_config_raw|(primary|secondary)_(access_key|connection_string|blob_connection_string|key|shared_key)|admin_password|connection_string|instrumentation_key|client_secret|default_primary_(key|connection_string))\b/;
/** Credentials of providers; those of Azure are asked for OIDC or a managed identity, the others for no literal. */
const PROVIDER_SECRETS = ['client_secret', 'client_certificate_password', 'password', 'token', 'client_key'];
const AZURE_PROVIDERS = ['azurerm', 'azapi', 'azuread'];
/** Kubernetes objects and charts have rules of their own (MLP-K8S-008, MLP-HLM-002), and so have vault secrets (MLP-KVT-004). */
const JUDGED_ELSEWHERE = /^(kubernetes_|helm_release|azurerm_key_vault_secret)/;

export const noCredentialsInCode: IRule = {
  id: 'MLP-STA-003',
  title: 'no credential stands in the code or leaves through an output',
  severity: RuleSeverity.CRITICAL,
  enforcement: RuleEnforcement.ALL,
  resourceTypes: ['*', 'output', 'provider', 'variable'],
  why: 'An output is printed by every apply and readable by everyone who reads the state.',
  fix: 'drop the output and read the value with an identity; give providers OIDC; keep secrets in Key Vault',
  check: (resource) => {
    if (resource.type === 'output') return output(resource);
    if (resource.type === 'variable') return variable(resource);
    if (resource.type === 'provider') return provider(resource);
    if (JUDGED_ELSEWHERE.test(resource.type)) return [];
    return secretsIn(resource).map(notLiteral);
  },
};

function variable(resource: ResourceModel): Verdict[] {
  const fallback = resource.value('default');
  return isSecretName(resource.name) && !fallback.isMissing ? [notLiteral(masked(fallback))] : [];
}

function provider(resource: ResourceModel): Verdict[] {
  const stated = PROVIDER_SECRETS.filter((name) => name in resource.attributes).map((name) => resource.value(name));
  return stated.map((value) =>
    value.path === 'client_secret' && AZURE_PROVIDERS.includes(resource.name)
      ? Verdict.fail({
          value: masked(value),
          finding: 'client-secret',
          what: 'a secret opens Azure, wherever it comes from',
          allowed: 'use_oidc, or a managed identity',
          fix: 'drop client_secret: set use_oidc in pipelines, sign in with the Azure CLI at a desk',
        })
      : notLiteral(masked(value)),
  );
}

function notLiteral(value: AttributeValue): Verdict {
  return value.literal === undefined
    ? Verdict.pass()
    : Verdict.fail({
        value,
        finding: 'literal',
        what: 'a credential stands in the code',
        allowed: 'a reference, a write-only attribute or an identity',
      });
}

function output(resource: ResourceModel): Verdict[] {
  const value = resource.value('value');
  if (CREDENTIAL.test(value.text)) {
    return [
      Verdict.fail({
        value: masked(value),
        finding: 'output',
        what: `the output ${resource.name} gives a credential away`,
        allowed: 'no such output',
      }),
    ];
  }
  if (!isSecretName(resource.name)) return [];
  return [expectThat(resource.value('sensitive'), { finding: 'sensitive', what: 'its name says secret' }).is(true)];
}
