import { clockTime, type LocalMoment, shortDay } from './format';

export interface Moment extends LocalMoment {
  /** ISO 8601, UTC */
  starts_at: string;
}

/** What the device's own clock, or that of a zone, shows at that moment: `["2026-11-24", "10:30"]`. */
function onDevice(instant: string, timeZone?: string): [date: string, time: string] {
  const format = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short', timeZone });
  const [date = '', time = ''] = format.format(new Date(instant)).split(' ');
  return [date, time];
}

/** "10:42 am": an instant on the clock of that zone. */
export const clockIn = (instant: string, timeZone: string) => clockTime(onDevice(instant, timeZone)[1]);

/** "10:30 am", with its day where that differs too; null where the device agrees with the clinic. */
export function deviceTime(moment: Moment, timeZone?: string): string | null {
  const [date, time] = onDevice(moment.starts_at, timeZone);
  if (date !== moment.local_date) return `${clockTime(time)}, ${shortDay(date)}`;
  return time === moment.local_time.slice(0, 5) ? null : clockTime(time);
}
