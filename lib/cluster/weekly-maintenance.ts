import { ConfigurationError } from '../core/configuration-error';
import type { MaintenanceWindow } from './maintenance-window';

/**
 * A window as azurerm takes it.
 * @throws when time, duration or offset is malformed
 */
export function weekly(path: string, window: MaintenanceWindow) {
  const { day, startTime, durationHours = 6, utcOffset = '+00:00' } = window;
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(startTime) || !/^[+-](0\d|1[0-4]):[0-5]\d$/.test(utcOffset)) {
    throw new ConfigurationError(path, {
      what: 'maintenance window is not valid',
      got: `startTime ${JSON.stringify(startTime)}, utcOffset ${JSON.stringify(utcOffset)}`,
      allowed: 'startTime HH:MM, utcOffset +HH:MM or -HH:MM',
      fix: 'e.g. { day: Weekday.SUNDAY, startTime: "02:00", utcOffset: "+01:00" }',
    });
  }
  if (!Number.isInteger(durationHours) || durationHours < 4 || durationHours > 24) {
    throw new ConfigurationError(path, {
      what: 'durationHours of the maintenance window is not valid',
      got: String(durationHours),
      allowed: 'a whole number of hours, 4-24',
      fix: 'AKS needs at least 4 hours',
    });
  }
  return { frequency: 'Weekly', interval: 1, dayOfWeek: day, startTime, utcOffset, duration: durationHours };
}
