import { clockTime, type LocalTime, plainDate, shortDate } from './format';

export interface ZonedTime extends LocalTime {
  /** ISO 8601, UTC */
  starts_at: string;
}

/** Date and time in a time zone, by default the device's: `["2026-11-24", "10:30"]`. */
function localParts(instant: string, timeZone?: string): [date: string, time: string] {
  const format = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short', timeZone });
  const [date = '', time = ''] = format.format(new Date(instant)).split(' ');
  return [date, time];
}

/** "10:42 am": an instant in a time zone. */
export const timeInZone = (instant: string, timeZone: string) => clockTime(localParts(instant, timeZone)[1]);

/** "24 November 2026, 10:42 am": an instant in a time zone. */
export function dateAndTimeInZone(instant: string, timeZone: string): string {
  const [date, time] = localParts(instant, timeZone);
  return `${plainDate(date)}, ${clockTime(time)}`;
}

/** "10:30 am", with the day if it differs too; null if the device shows the clinic's time. */
export function deviceTime(time: ZonedTime, timeZone?: string): string | null {
  const [deviceDate, deviceClock] = localParts(time.starts_at, timeZone);
  if (deviceDate !== time.local_date) return `${clockTime(deviceClock)}, ${shortDate(deviceDate)}`;
  return deviceClock === time.local_time.slice(0, 5) ? null : clockTime(deviceClock);
}
