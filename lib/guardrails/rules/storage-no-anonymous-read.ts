import { expectThat } from '../checks';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';

export const storageNoAnonymousRead: IRule = {
  id: 'MLP-STO-002',
  title: 'blobs are never public',
  severity: RuleSeverity.HIGH,
  enforcement: RuleEnforcement.ALL,
  resourceTypes: ['azurerm_storage_account', 'azurerm_storage_container'],
  why: 'One container opened by mistake is indexed within days.',
  fix: 'set allow_nested_items_to_be_public = false, as MlStorage does, and leave container_access_type private',
  mappings: {
    checkov: ['CKV_AZURE_34', 'CKV_AZURE_190', 'CKV2_AZURE_47'],
    trivy: ['AZU-0007'],
    psRule: ['Azure.Storage.BlobPublicAccess'],
    benchmark: ['NS-2'],
  },
  check: (resource) => [
    resource.type === 'azurerm_storage_account'
      ? expectThat(resource.value('allow_nested_items_to_be_public')).is(false)
      : expectThat(resource.value('container_access_type')).is('private'),
  ],
};
