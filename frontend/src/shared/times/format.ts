/**
 * Times in the clinic's words. The server says what the clock on the clinic's wall shows (`local_date`,
 * `local_time`), so the zone data of the device, which may be old, decides nothing.
 */

export interface LocalMoment {
  local_date: string;
  local_time: string;
}

const LANGUAGE = 'en-GB';
const LONG: Intl.DateTimeFormatOptions = { weekday: 'long', day: 'numeric', month: 'long' };
const SHORT: Intl.DateTimeFormatOptions = { weekday: 'short', day: 'numeric', month: 'short' };

function words(date: string, options: Intl.DateTimeFormatOptions): string {
  const parts = new Intl.DateTimeFormat(LANGUAGE, { ...options, timeZone: 'UTC' }).formatToParts(
    new Date(`${date}T00:00:00Z`),
  );
  // Engines disagree on the comma after the weekday.
  return parts.flatMap((part) => (part.type === 'literal' ? [] : part.value)).join(' ');
}

/** "Tuesday 24 November" */
export const dayName = (date: string) => words(date, LONG);

/** "Tuesday 24 November 2026" */
export const fullDay = (date: string) => words(date, { ...LONG, year: 'numeric' });

/** "Tue 24 Nov" */
export const shortDay = (date: string) => words(date, SHORT).replace('Sept', 'Sep');

/** "09:30" or "09:30:00" as "9:30 am" */
export function clockTime(time: string): string {
  const [hours = '0', minutes = '00'] = time.split(':');
  const hour = Number(hours);
  return `${hour % 12 || 12}:${minutes} ${hour < 12 ? 'am' : 'pm'}`;
}

/** "Tue 24 Nov, 9:30 am" */
export function shortMoment({ local_date, local_time }: LocalMoment): string {
  return `${shortDay(local_date)}, ${clockTime(local_time)}`;
}
