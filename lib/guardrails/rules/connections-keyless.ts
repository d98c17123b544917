import { expectThat } from '../checks';
import { isArmType, ML } from '../facets/azapi';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';

export const connectionsKeyless: IRule = {
  id: 'MLP-END-007',
  title: 'connections hold no secret, and azapi speaks stable API versions',
  severity: RuleSeverity.HIGH,
  enforcement: RuleEnforcement.ALL,
  resourceTypes: ['azapi_resource', 'azapi_update_resource'],
  why: 'A key in a body lies in clear in state and plan; a preview API may change or go without notice.',
  fix: 'use authType AAD or ManagedIdentity, else put credentials into sensitive_body; take an api-version without "-preview"',
  check: (resource) => {
    const type = resource.value('type');
    const stable = expectThat(type, { finding: 'api-version' }).matches(/@\d{4}-\d{2}-\d{2}$/, 'a stable api-version', [
      'Microsoft.X/y@2026-05-15-preview',
    ]);
    if (!isArmType(resource, ML.connection)) return [stable];
    const secret = resource.value('body.properties.credentials');
    const sensitive = resource.value('sensitive_body');
    return [
      stable,
      ...(sensitive.isMissing
        ? [expectThat(resource.value('body.properties.authType'), { finding: 'auth' }).is('AAD', 'ManagedIdentity', 'None')]
        : []),
      expectThat(secret, { finding: 'credentials' }).isNotSet(),
    ];
  },
};
