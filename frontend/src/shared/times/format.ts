import { t } from '@lingui/core/macro';

/**
 * Times in the clinic's words. The server says what the clock on the clinic's wall shows (`local_date`,
 * `local_time`), so the zone data of the device, which may be old, decides nothing.
 */

export interface LocalTime {
  local_date: string;
  local_time: string;
  /** Where clocks are set back and show a time twice: 1 the first time, 2 the second; else 0. */
  clock_pass?: number;
}

interface LocalPeriod extends LocalTime {
  local_end_time: string;
}

const LANGUAGE = 'en-GB';
const LONG: Intl.DateTimeFormatOptions = { weekday: 'long', day: 'numeric', month: 'long' };
const SHORT: Intl.DateTimeFormatOptions = { weekday: 'short', day: 'numeric', month: 'short' };

function formatDate(date: string, options: Intl.DateTimeFormatOptions): string {
  const parts = new Intl.DateTimeFormat(LANGUAGE, { ...options, timeZone: 'UTC' }).formatToParts(
    new Date(`${date}T00:00:00Z`),
  );
  // Engines disagree on the comma after the weekday.
  return parts.flatMap((part) => (part.type === 'literal' ? [] : part.value)).join(' ');
}

/** "Tuesday 24 November" */
export const longDate = (date: string) => formatDate(date, LONG);

/** "Tuesday 24 November 2026" */
export const fullDate = (date: string) => formatDate(date, { ...LONG, year: 'numeric' });

/** "24 November 2026" */
export const plainDate = (date: string) =>
  formatDate(date, { day: 'numeric', month: 'long', year: 'numeric' });

/** "Tue 24 Nov" */
export const shortDate = (date: string) => formatDate(date, SHORT).replace('Sept', 'Sep');

/** "09:30" or "09:30:00" as "9:30 am" */
export function clockTime(time: string): string {
  const [hours = '0', minutes = '00'] = time.split(':');
  const hour = Number(hours);
  return `${hour % 12 || 12}:${minutes} ${hour < 12 ? 'am' : 'pm'}`;
}

/** Which of the two times it is that the clock shows this; nothing where it shows it once. */
export function repeatedHourNote({ clock_pass = 0 }: Pick<LocalTime, 'clock_pass'>): string {
  if (clock_pass === 1) return t`(first time, before the clocks go back)`;
  if (clock_pass === 2) return t`(second time, after the clocks go back)`;
  return '';
}

/** "9:30 am"; where the clock shows it twice, with which time it is. */
export function startTime(time: LocalTime): string {
  return [clockTime(time.local_time), repeatedHourNote(time)].filter(Boolean).join(' ');
}

/** When it ends, in the same words; what begins the first time the clock shows an hour may end in the second. */
export function endTime({ local_date, local_time, local_end_time, clock_pass = 0 }: LocalPeriod): string {
  const later = clock_pass === 1 && local_end_time <= local_time;
  return startTime({ local_date, local_time: local_end_time, clock_pass: later ? 2 : 0 });
}

/** "Tue 24 Nov, 9:30 am" */
export function shortDateTime(time: LocalTime): string {
  return `${shortDate(time.local_date)}, ${startTime(time)}`;
}

/** "Tuesday 24 November 2026, 9:30 am" */
export function fullDateTime(time: LocalTime): string {
  return `${fullDate(time.local_date)}, ${startTime(time)}`;
}
