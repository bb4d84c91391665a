import { t } from '@lingui/core/macro';
import { clock, currentLocale } from '@/shared/locale/locale';

/**
 * Formats dates and times in the clinic's locale. The API sends them in the clinic's time zone (`local_date`,
 * `local_time`), so the time zone data of the device, which may be outdated, does not matter.
 */

export interface LocalTime {
  local_date: string;
  local_time: string;
  /** In the hour that is repeated when clocks go back: 1 the first time, 2 the second time; else 0. */
  clock_pass?: number;
}

interface LocalPeriod extends LocalTime {
  local_end_time: string;
}

const LONG: Intl.DateTimeFormatOptions = { weekday: 'long', day: 'numeric', month: 'long' };
const SHORT: Intl.DateTimeFormatOptions = { weekday: 'short', day: 'numeric', month: 'short' };

function formatDate(date: string, options: Intl.DateTimeFormatOptions): string {
  const format = new Intl.DateTimeFormat(currentLocale(), { ...options, timeZone: 'UTC' });
  const parts = format.formatToParts(new Date(`${date}T00:00:00Z`));
  if (currentLocale() !== 'en-GB') return parts.map(({ value }) => value).join('');
  // British dates have no commas, but some browsers add one after the weekday.
  return parts.flatMap((part) => (part.type === 'literal' ? [] : part.value)).join(' ');
}

/** "Tuesday 24 November"; in the US "Tuesday, November 24" */
export const longDate = (date: string) => formatDate(date, LONG);

/** "Tuesday 24 November 2026"; in the US "Tuesday, November 24, 2026" */
export const fullDate = (date: string) => formatDate(date, { ...LONG, year: 'numeric' });

/** "24 November 2026"; in the US "November 24, 2026" */
export const plainDate = (date: string) =>
  formatDate(date, { day: 'numeric', month: 'long', year: 'numeric' });

/** "November 2026" */
export const monthName = (date: string) => formatDate(date, { month: 'long', year: 'numeric' });

/** "Tue 24 Nov"; in the US "Tue, Nov 24" */
export const shortDate = (date: string) => formatDate(date, SHORT).replace(/Sept$/, 'Sep');

/** "09:30" or "09:30:00" as "9:30 am"; in German "09:30" */
export function clockTime(time: string): string {
  const [hours = '0', minutes = '00'] = time.split(':');
  const hour = Number(hours);
  return clock.format?.(hour, minutes) ?? `${hour % 12 || 12}:${minutes} ${hour < 12 ? 'am' : 'pm'}`;
}

/** Says which of the two it is, in the hour that is repeated when the clocks go back; else empty. */
export function repeatedHourNote({ clock_pass = 0 }: Pick<LocalTime, 'clock_pass'>): string {
  if (clock_pass === 1) return t`(first time, before the clocks go back)`;
  if (clock_pass === 2) return t`(second time, after the clocks go back)`;
  return '';
}

/** "9:30 am", with a note in the repeated hour */
export function startTime(time: LocalTime): string {
  return [clockTime(time.local_time), repeatedHourNote(time)].filter(Boolean).join(' ');
}

/** The end time. A period that starts in the first repeated hour may end in the second. */
export function endTime({ local_date, local_time, local_end_time, clock_pass = 0 }: LocalPeriod): string {
  const later = clock_pass === 1 && local_end_time <= local_time;
  return startTime({ local_date, local_time: local_end_time, clock_pass: later ? 2 : 0 });
}

/** "9:30–10:00", for narrow columns beside a clock. Give `startTime` and `endTime` to screen readers. */
export const shortPeriod = ({ local_time, local_end_time }: LocalPeriod): string =>
  [local_time, local_end_time].map((time) => clockTime(time).replace(/ [ap]m$/, '')).join('–');

const joined = (day: string, time: LocalTime) => `${day}${clock.comma ?? ','} ${startTime(time)}`;

/** "Tue 24 Nov, 9:30 am" */
export function shortDateTime(time: LocalTime): string {
  return joined(shortDate(time.local_date), time);
}

/** "Tuesday 24 November 2026, 9:30 am" */
export function fullDateTime(time: LocalTime): string {
  return joined(fullDate(time.local_date), time);
}
