import { expectThat } from '../checks';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';

export const aiServicesBounded: IRule = {
  id: 'MLP-AIS-003',
  title: 'AI services have an identity, name where they call out to, and fix their model',
  severity: RuleSeverity.MEDIUM,
  enforcement: RuleEnforcement.PROD,
  resourceTypes: ['azurerm_cognitive_account', 'azurerm_ai_services', 'azurerm_cognitive_deployment'],
  why: 'A model that updates itself answers differently overnight; an open way out carries prompts away.',
  fix: 'give identity, outbound_network_access_restricted = true with fqdns, model.version, and version_upgrade_option = "NoAutoUpgrade"',
  mappings: { checkov: ['CKV_AZURE_238', 'CKV_AZURE_247'], psRule: ['Azure.AI.ManagedIdentity'], benchmark: ['IM-1', 'IM-3'] },
  check: (service) =>
    service.type === 'azurerm_cognitive_deployment'
      ? [
          expectThat(service.value('model.version'), { finding: 'model' }).isSet(),
          expectThat(service.value('version_upgrade_option'), { finding: 'upgrade' }).is(
            'NoAutoUpgrade',
            'OnceCurrentVersionExpired',
          ),
        ]
      : [
          expectThat(service.value('identity.type'), { finding: 'identity' }).isSet(),
          expectThat(service.value('outbound_network_access_restricted'), { finding: 'outbound' }).is(true),
          expectThat(service.value('fqdns'), { finding: 'fqdns' }).isSet(),
        ],
};
