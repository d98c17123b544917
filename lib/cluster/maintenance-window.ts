export enum Weekday {
  MONDAY = 'Monday',
  TUESDAY = 'Tuesday',
  WEDNESDAY = 'Wednesday',
  THURSDAY = 'Thursday',
  FRIDAY = 'Friday',
  SATURDAY = 'Saturday',
  SUNDAY = 'Sunday',
}

/** A weekly window in which AKS may upgrade. */
export interface MaintenanceWindow {
  readonly day: Weekday;
  /** HH:MM. */
  readonly startTime: string;
  /** 4-24. @default 6 */
  readonly durationHours?: number;
  /** e.g. "+01:00". @default "+00:00" */
  readonly utcOffset?: string;
}
