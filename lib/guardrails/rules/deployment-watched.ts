import { exists, expectThat } from '../checks';
import { isArmType, ML } from '../facets/azapi';
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
          isArmType(schedule, ML.schedule) && schedule.value('body.properties.action.actionType').literal === 'CreateMonitor',
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
