import { expectThat } from '../checks';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';

export const registryNoSharedAccounts: IRule = {
  id: 'MLP-ACR-001',
  title: 'the registry has neither admin user nor anonymous pull',
  severity: RuleSeverity.HIGH,
  enforcement: RuleEnforcement.ALL,
  resourceTypes: ['azurerm_container_registry'],
  why: 'The admin password is shared by everyone and never expires; anonymous pull hands images to the internet.',
  fix: 'leave admin_enabled and anonymous_pull_enabled false and grant AcrPull: registry.grantPull(identity)',
  mappings: {
    checkov: ['CKV_AZURE_137', 'CKV_AZURE_138'],
    psRule: ['Azure.ACR.AdminUser', 'Azure.ACR.AnonymousAccess'],
    benchmark: ['IM-1', 'IM-3', 'PA-1'],
  },
  check: (registry) => [
    expectThat(registry.value('admin_enabled'), { finding: 'admin' }).is(false),
    expectThat(registry.value('anonymous_pull_enabled'), { finding: 'anonymous' }).is(false),
  ],
};
