import { absence } from '../checks';
import { AttributeValue } from '../model/attribute-value';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
import { Verdict } from '../verdict';

export const budgetPerResourceGroup: IRule = {
  id: 'MLP-CST-001',
  title: 'every resource group has a budget that warns twice',
  severity: RuleSeverity.MEDIUM,
  enforcement: RuleEnforcement.ALL,
  resourceTypes: ['azurerm_resource_group'],
  why: 'A GPU pool left at its maximum over a weekend is noticed on the invoice.',
  fix: 'add azurerm_consumption_budget_resource_group with two thresholds and a receiver (Budget)',
  check: (group) => {
    const budgets = [
      ...group.stack.referrers('azurerm_consumption_budget_resource_group', 'resource_group_id', group),
      ...group.stack.inApp('azurerm_consumption_budget_subscription'),
    ];
    const [budget] = budgets;
    if (!budget) return [Verdict.fail({ value: absence('budget'), finding: 'budget', allowed: 'one' })];
    const notifications = budget.value('notification');
    if (notifications.isUnresolved) return [Verdict.unknown(notifications, 'thresholds')];
    const thresholds = new Set(notifications.elements().map((one) => one.value('threshold').number));
    const told = notifications
      .elements()
      .some((one) =>
        ['contact_emails', 'contact_groups', 'contact_roles'].some(
          (list) => one.value(list).length > 0 || one.value(list).isUnresolved,
        ),
      );
    return [
      thresholds.size >= 2
        ? Verdict.pass()._restingOn(budget.address)
        : Verdict.fail({
            value: new AttributeValue(`${budget.address}.notification`, `${thresholds.size} thresholds`),
            finding: 'thresholds',
            what: 'fewer than two thresholds',
            allowed: 'two or more',
          }),
      told
        ? Verdict.pass()
        : Verdict.fail({
            value: new AttributeValue(`${budget.address}.notification`, 'no receiver'),
            finding: 'receiver',
            what: 'nobody is told',
            allowed: 'a receiver',
          }),
    ];
  },
};
