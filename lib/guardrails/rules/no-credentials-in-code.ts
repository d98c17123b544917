import { expectThat, masked } from '../checks';
import { isSecretName } from '../facets/secret-name';
import type { AttributeValue } from '../model/attribute-value';
import type { ResourceModel } from '../model/stack-model';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
import { Verdict } from '../verdict';

const CREDENTIAL =
  /\.(kube_config|kube_admin_config|kube_config_raw|kube_admin_config_raw|(primary|secondary)_(access_key|connection_string|blob_connection_string|key|shared_key)|admin_password|connection_string|instrumentation_key|client_secret|default_primary_(key|connection_string))\b/;
/** Attributes that hold a credential wherever they stand. */
const SECRET_ATTRIBUTES = [
  'administrator_password',
  'admin_password',
  'client_secret',
  'account_key',
  'shared_access_signature',
  'repository_password',
  'password',
];

export const noCredentialsInCode: IRule = {
  id: 'MLP-STA-003',
  title: 'no credential stands in the code or leaves through an output',
  severity: RuleSeverity.CRITICAL,
  enforcement: RuleEnforcement.ALL,
  resourceTypes: ['*', 'output', 'provider'],
  why: 'An output is printed by every apply and readable by everyone who reads the state.',
  fix: 'drop the output and read the value with an identity; give providers OIDC; keep secrets in Key Vault',
  check: (resource) => {
    if (resource.type === 'output') return output(resource);
    const attributes =
      resource.type === 'provider'
        ? ['client_secret', 'client_certificate_password', 'password', 'token', 'client_key']
        : SECRET_ATTRIBUTES;
    return attributes
      .filter((name) => name in resource.attributes)
      .map((name) => resource.value(name))
      .filter((value) => !value.isMissing)
      .map(notLiteral);
  },
};

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
