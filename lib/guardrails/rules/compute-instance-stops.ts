import { absence, anyOf, expectThat } from '../checks';
import { apiVersionOf, isArmType, ML } from '../facets/azapi';
import type { AttributeValue } from '../model/attribute-value';
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

/** The first version of the API that knows idleTimeBeforeShutdown; older ones drop it in silence. */
const IDLE_SINCE = '2026-05-01';

function stops(resource: ResourceModel): Verdict {
  const idle = resource.value('body.properties.properties.idleTimeBeforeShutdown');
  const schedules = resource.value('body.properties.properties.schedules.computeStartStop');
  if (!idle.isMissing && schedules.isMissing && apiVersionOf(resource) < IDLE_SINCE) {
    return Verdict.fail({
      value: resource.value('type'),
      finding: 'api-version',
      what: 'this API version drops idleTimeBeforeShutdown',
      allowed: `${IDLE_SINCE} or later, or schedules.computeStartStop`,
    });
  }
  return anyOf(expectThat(idle).isSet(), stopSchedule(schedules));
}

/** A schedule that only starts the machine does not stop it. */
function stopSchedule(schedules: AttributeValue): Verdict {
  const stated = schedules.elements();
  if (stated.length === 0) return expectThat(schedules).isSet();
  const isStop = (one: AttributeValue) => one.value('action').literal === 'Stop' && one.value('status').literal !== 'Disabled';
  return expectThat(schedules).holds(() => stated.some(isStop), 'one with action "Stop"', [[]]);
}
