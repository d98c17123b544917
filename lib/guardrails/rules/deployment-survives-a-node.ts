import { anyOf, expectThat } from '../checks';
import { isArmType, ML } from '../facets/azapi';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';

export const deploymentSurvivesANode: IRule = {
  id: 'MLP-END-003',
  title: 'deployments survive the loss of an instance',
  severity: RuleSeverity.MEDIUM,
  enforcement: RuleEnforcement.PROD,
  resourceTypes: ['azapi_resource'],
  why: 'With one instance a patch of its host is an outage; without probes traffic goes to a model that is still loading.',
  fix: 'set sku.capacity or scaleSettings.minInstances to 2 or more, and livenessProbe and readinessProbe',
  check: (deployment) => {
    if (!isArmType(deployment, ML.onlineDeployment)) return [];
    const properties = (path: string) => deployment.value(`body.properties.${path}`);
    return [
      anyOf(
        expectThat(deployment.value('body.sku.capacity'), { finding: 'instances' }).atLeast(2),
        expectThat(properties('scaleSettings.minInstances'), { finding: 'instances' }).atLeast(2),
      ),
      expectThat(properties('livenessProbe'), { finding: 'liveness' }).isSet(),
      expectThat(properties('readinessProbe'), { finding: 'readiness' }).isSet(),
    ];
  },
};
