import { ConfigurationError } from '../core/configuration-error';
import { isCron } from './cron';

export interface TriggerOptions {
  /** Time zone, as Windows names it, e.g. "W. Europe Standard Time". @default UTC */
  readonly timeZone?: string;
  /** First time, e.g. "2026-12-01T00:00:00". @default - at once */
  readonly startTime?: string;
  /** Last time. @default - never ends */
  readonly endTime?: string;
}

export interface RecurrenceOptions extends TriggerOptions {
  /** "Minute", "Hour", "Day", "Week" or "Month". */
  readonly frequency: string;
  /** Every how many of them. @default 1 */
  readonly interval?: number;
  /** Hours of the day, 0-23. @default - any */
  readonly hours?: number[];
  /** Minutes of the hour, 0-59. @default [0] */
  readonly minutes?: number[];
  /** e.g. ["Monday"]; with frequency Week. @default - any */
  readonly weekDays?: string[];
  /** 1-31; with frequency Month. @default - any */
  readonly monthDays?: number[];
}

const FREQUENCIES = ['Minute', 'Hour', 'Day', 'Week', 'Month'];
const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** When a schedule runs. */
export class ScheduleTrigger {
  /**
   * By a cron expression, e.g. "0 2 * * 1" for Mondays at two.
   * @throws when it has not five fields
   */
  public static cron(expression: string, options: TriggerOptions = {}): ScheduleTrigger {
    if (!isCron(expression)) {
      throw new ConfigurationError('ScheduleTrigger.cron', {
        what: 'not a cron expression of five fields',
        got: JSON.stringify(expression),
        allowed: 'minute hour day-of-month month day-of-week',
        fix: 'e.g. "0 2 * * 1" for Mondays at two',
      });
    }
    return new ScheduleTrigger({ triggerType: 'Cron', expression, ...times(options) });
  }

  /**
   * Each so many days, weeks and so on.
   * @throws when frequency or days are not known, or hours and minutes are out of range
   */
  public static recurrence(options: RecurrenceOptions): ScheduleTrigger {
    checkOneOf('frequency', options.frequency, FREQUENCIES);
    for (const day of options.weekDays ?? []) checkOneOf('week day', day, DAYS);
    checkNumbers('hours', options.hours, 0, 23);
    checkNumbers('minutes', options.minutes, 0, 59);
    checkNumbers('monthDays', options.monthDays, 1, 31);
    const { hours, minutes, weekDays, monthDays } = options;
    return new ScheduleTrigger({
      triggerType: 'Recurrence',
      frequency: options.frequency,
      interval: options.interval ?? 1,
      schedule: hours ? { hours, minutes: minutes ?? [0], weekDays, monthDays } : undefined,
      ...times(options),
    });
  }

  private constructor(
    /** As ARM has it. */
    public readonly body: { [key: string]: unknown },
  ) {}
}

function times(options: TriggerOptions): { [key: string]: unknown } {
  return { timeZone: options.timeZone ?? 'UTC', startTime: options.startTime, endTime: options.endTime };
}

function checkOneOf(what: string, value: string, allowed: string[]): void {
  if (allowed.includes(value)) return;
  throw new ConfigurationError('ScheduleTrigger.recurrence', {
    what: `${what} is not known`,
    got: JSON.stringify(value),
    allowed: allowed.join(', '),
    fix: `use one of them, e.g. ${allowed[0]}`,
  });
}

function checkNumbers(field: string, values: number[] | undefined, min: number, max: number): void {
  const bad = values?.find((value) => !Number.isInteger(value) || value < min || value > max);
  if (bad === undefined) return;
  throw new ConfigurationError('ScheduleTrigger.recurrence', {
    what: `${field} are out of range`,
    got: String(bad),
    allowed: `${min}-${max}`,
    fix: 'drop it or correct it',
  });
}
