import { absence, expectThat } from '../checks';
import { isArmType, ML } from '../facets/azapi';
import type { ResourceModel } from '../model/stack-model';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
import { Verdict } from '../verdict';

export const datastoresKeyless: IRule = {
  id: 'MLP-AML-009',
  title: 'datastores hold no keys',
  severity: RuleSeverity.HIGH,
  enforcement: RuleEnforcement.ALL,
  resourceTypes: [
    'azurerm_machine_learning_datastore_blobstorage',
    'azurerm_machine_learning_datastore_datalake_gen2',
    'azurerm_machine_learning_datastore_fileshare',
    'azurerm_machine_learning_workspace',
    'azapi_resource',
  ],
  why: 'A key in a datastore reads the whole account for everyone who may use the workspace.',
  fix: 'leave account_key, shared_access_signature and client_secret out; with keys off at the account set systemDatastoresAuthMode = "Identity" (MlWorkspace does)',
  check: (resource) => {
    if (resource.type === 'azurerm_machine_learning_workspace') return systemDatastores(resource);
    if (resource.type === 'azapi_resource') {
      return isArmType(resource, ML.datastore)
        ? [expectThat(resource.value('body.properties.credentials.credentialsType'), { finding: 'credentials' }).is('None')]
        : [];
    }
    return ['account_key', 'shared_access_signature', 'client_secret'].map((attribute) =>
      expectThat(resource.value(attribute), { finding: attribute }).isNotSet(),
    );
  },
};

/** The datastores every workspace is born with use the account's keys, unless told otherwise through azapi. */
function systemDatastores(workspace: ResourceModel): Verdict[] {
  const storageId = workspace.value('storage_account_id');
  const storage = workspace.stack.targetsOf(storageId)[0];
  if (!storage || storage.type.startsWith('data.'))
    return storageId.isMissing ? [] : [Verdict.unknown(storageId, 'system-datastores')];
  const keys = storage.value('shared_access_key_enabled');
  if (keys.literal !== false) return [];
  const updates = workspace.stack.referrers('azapi_update_resource', 'resource_id', workspace);
  const modes = updates.map((update) => update.value('body.properties.systemDatastoresAuthMode'));
  const stated = modes.find((mode) => !mode.isMissing);
  return [
    stated
      ? expectThat(stated, { finding: 'system-datastores' }).is('Identity')
      : Verdict.fail({
          value: absence('systemDatastoresAuthMode'),
          finding: 'system-datastores',
          what: 'the storage account takes no keys, the system datastores still ask for them',
          allowed: 'Identity',
        }),
  ];
}
