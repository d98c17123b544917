import { ConsumptionBudgetResourceGroup } from '@cdktf/provider-azurerm/lib/consumption-budget-resource-group';
import { Construct } from 'constructs';
import { Environment, type IResourceGroup } from '../core';
import { ConfigurationError } from '../core/configuration-error';

export interface BudgetProps {
  readonly resourceGroup: IResourceGroup;
  /** What the group may cost in a month, in the currency of the bill. */
  readonly monthlyAmount: number;
  /** Month from which it counts, e.g. "2026-12". Azure takes no month that is over when the budget is made. */
  readonly startMonth: string;
  /** Who hears of it. @default - the contact of the environment's owner */
  readonly contacts?: string[];
  /** Percents of the amount that are reported once spent. @default [80, 100] */
  readonly actualPercents?: number[];
  /** Percents that are reported once Azure expects them by the end of the month. @default [100] */
  readonly forecastPercents?: number[];
  /** Unique in the group. @default - made by the environment's naming */
  readonly budgetName?: string;
}

/** What a resource group may cost, with a warning before the money is spent. */
export class Budget extends Construct {
  /** ARM id as a reference to the resource. */
  public readonly budgetId: string;

  constructor(scope: Construct, id: string, props: BudgetProps) {
    super(scope, id);
    const environment = Environment.of(this);
    const actual = props.actualPercents ?? [80, 100];
    const forecast = props.forecastPercents ?? [100];
    this.check(props, [...actual, ...forecast]);
    const named = environment.name(this, 'azurerm_consumption_budget_resource_group', undefined, props.budgetName);
    const notification = (thresholdType: string) => (threshold: number) => ({
      threshold,
      thresholdType,
      operator: 'GreaterThanOrEqualTo',
      contactEmails: props.contacts ?? [environment.owner.contact],
    });
    this.budgetId = new ConsumptionBudgetResourceGroup(this, 'Default', {
      name: named.name,
      resourceGroupId: environment.resourceGroupId(props.resourceGroup.resourceGroupName),
      amount: props.monthlyAmount,
      timeGrain: 'Monthly',
      timePeriod: { startDate: `${props.startMonth}-01T00:00:00Z` },
      notification: [...actual.map(notification('Actual')), ...forecast.map(notification('Forecasted'))],
    }).id;
  }

  private check(props: BudgetProps, percents: number[]): void {
    if (!(props.monthlyAmount > 0)) {
      throw new ConfigurationError(this.node.path, {
        what: 'monthlyAmount is not valid',
        got: String(props.monthlyAmount),
        allowed: 'an amount above 0',
        fix: 'e.g. 5000',
      });
    }
    if (!/^20\d\d-(0[1-9]|1[0-2])$/.test(props.startMonth)) {
      throw new ConfigurationError(this.node.path, {
        what: 'startMonth is not a month',
        got: JSON.stringify(props.startMonth),
        allowed: 'yyyy-mm',
        fix: 'e.g. "2026-12"',
      });
    }
    const bad = percents.find((percent) => !Number.isInteger(percent) || percent < 1 || percent > 1000);
    if (bad === undefined && percents.length > 0 && percents.length <= 5) return;
    throw new ConfigurationError(this.node.path, {
      what: bad === undefined ? 'a budget has one to five warnings' : 'percent of the budget is out of range',
      got: String(bad ?? percents.length),
      allowed: '1-5 warnings at 1-1000 percent',
      fix: 'leave actualPercents and forecastPercents out for 80, 100 and a forecast of 100',
    });
  }
}
