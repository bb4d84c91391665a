import { t } from '@lingui/core/macro';
import { clockTime } from '@/shared/times/format';

/** A time of day as people type it: "9", "9:30", "9.30", "930", "0930", "9 pm", "24:00". */
const TIME = /^(\d{1,2}?)(?:[:.h]?(\d{2}))?\s*([ap])?\.?(?:m\.?)?$/i;

/** Returns the time as "09:30", from "00:00" to "24:00"; null if the text is not a time. */
export function parseTime(text: string): string | null {
  const trimmed = text.trim();
  const match = TIME.exec(/^\d\d$/.test(trimmed) ? `${trimmed}:00` : trimmed);
  if (!match) return null;
  const [, hourText = '', minuteText = '00', half] = match;
  let hour = Number(hourText);
  const minute = Number(minuteText);
  if (half) {
    if (hour < 1 || hour > 12) return null;
    hour = (hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
  }
  if (minute > 59 || hour > 24 || (hour === 24 && minute > 0)) return null;
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}

/** "9:00 am – 1:00 pm" for a period of the day; "24:00" is midnight. */
export const hoursText = (opens: string, closes: string) =>
  `${clockTime(opens)} – ${closes === '24:00' ? t`midnight` : clockTime(closes)}`;

/** "9–1 pm", "9:30 am–12:15 pm": for narrow columns. */
export function shortHours(opens: string, closes: string): string {
  const [start, end] = [opens, closes].map((time) => clockTime(time).replace(':00', ''));
  if (!start || !end) return '';
  return start.slice(-2) === end.slice(-2) ? `${start.slice(0, -3)}–${end}` : `${start} – ${end}`;
}

/** Minutes after midnight of "09:30". */
export function toMinutes(time: string): number {
  const [hours = '0', minutes = '0'] = time.split(':');
  return Number(hours) * 60 + Number(minutes);
}
