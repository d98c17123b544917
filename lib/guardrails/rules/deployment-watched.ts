import { exists, expectThat } from '../checks';
import { isArmType, ML } from '../facets/azapi';
import type { ResourceModel } from '../model/stack-model';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';

export const deploymentWatched: IRule = {
  id: 'MLP-END-006',
  title: 'deployments collect data and a monitor reads it',
  severity: RuleSeverity.MEDIUM,
  enforcement: RuleEnforcement.PROD,
  resourceTypes: ['azapi_resource'],
  why: 'A model that drifts answers as fast as ever, only worse.',
  fix: 'set body.properties.dataCollector and add a schedule with a CreateMonitor action',
  check: (deployment) => {
    if (!isArmType(deployment, ML.onlineDeployment)) return [];
    const monitors = deployment.stack
      .inApp('azapi_resource')
      .filter(
        (schedule) =>
          isArmType(schedule, ML.schedule) &&
          schedule.value('body.properties.action.actionType').literal === 'CreateMonitor' &&
          watches(schedule, deployment),
      );
    return [
      expectThat(deployment.value('body.properties.dataCollector'), { finding: 'collector' }).isSet(),
      exists(
        monitors.map((monitor) => monitor.address),
        'schedule with CreateMonitor',
        { finding: 'monitor' },
      ),
    ];
  },
};

/**
 * A monitor without a deployment reads data of its own choice: it may be this one's. One that watches a deployment of the same
 * endpoint compares versions, and moves on with them.
 */
function watches(monitor: ResourceModel, deployment: ResourceModel): boolean {
  const target = monitor.value('body.properties.action.monitorDefinition.monitoringTarget.deploymentId');
  const found = monitor.stack.targetsOf(target);
  const endpointOf = (one: ResourceModel) => one.stack.targetsOf(one.value('parent_id'))[0];
  return (
    found.length === 0 ||
    found.some((one) => one === deployment || (endpointOf(one) !== undefined && endpointOf(one) === endpointOf(deployment)))
  );
}
