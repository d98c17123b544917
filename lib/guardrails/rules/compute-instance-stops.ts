import { absence, anyOf, expectThat } from '../checks';
import { isArmType, ML } from '../facets/azapi';
import type { ResourceModel } from '../model/stack-model';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
import { Verdict } from '../verdict';

export const computeInstanceStops: IRule = {
  id: 'MLP-AML-008',
  title: 'compute instances stop when nobody uses them',
  severity: RuleSeverity.MEDIUM,
  enforcement: RuleEnforcement.ALL,
  resourceTypes: ['azurerm_machine_learning_compute_instance', 'azapi_resource'],
  why: 'A forgotten GPU workstation runs through nights and holidays.',
  fix: 'make it with azapi and set schedules.computeStartStop or idleTimeBeforeShutdown; azurerm has no attribute for it, an azapi_update_resource can add it',
  mappings: { psRule: ['Azure.ML.ComputeIdleShutdown'], azurePolicy: ['Compute_IdleShutdown'] },
  check: (instance) => {
    if (instance.type === 'azapi_resource') {
      if (!isArmType(instance, ML.compute)) return [];
      const kind = instance.value('body.properties.computeType');
      if (kind.isUnresolved) return [Verdict.unknown(kind)];
      return kind.literal === 'ComputeInstance' ? [stops(instance)] : [];
    }
    const updates = instance.stack.referrers('azapi_update_resource', 'resource_id', instance);
    return updates.length > 0
      ? updates.map(stops)
      : [Verdict.fail({ value: absence('idle shutdown'), what: 'the azurerm resource cannot stop itself' })];
  },
};

function stops(resource: ResourceModel): Verdict {
  return anyOf(
    expectThat(resource.value('body.properties.properties.idleTimeBeforeShutdown')).isSet(),
    expectThat(resource.value('body.properties.properties.schedules.computeStartStop')).isSet(),
  );
}
