import { currentLocale } from '@/shared/locale/locale';

const CENTURY = 100;

/** A date in the order of the clinic's locale. */
export const dateExample = () => (currentLocale() === 'en-US' ? '5 27 1980' : '27 5 1980');

/**
 * Reads a date of birth as people type it: "4.5.1980", "04051980", "4 5 80", "1980-05-04". Day and month are in
 * the order of the clinic's locale. Returns an ISO date; null if the text is not a date.
 */
export function parseBirthDate(text: string, today = new Date()): string | null {
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text.trim());
  if (iso) return validDate(Number(iso[1]), Number(iso[2]), Number(iso[3]), today);
  const found =
    /^(\d{1,2})[\s./-]+(\d{1,2})[\s./-]+(\d{2}|\d{4})$/.exec(text.trim()) ??
    /^(\d{2})(\d{2})(\d{2}|\d{4})$/.exec(text.trim());
  if (!found) return null;
  const [first, second, written] = found.slice(1).map(Number) as [number, number, number];
  const [day, month] = currentLocale() === 'en-US' ? [second, first] : [first, second];
  const year = found[3]?.length === 2 ? fullYear(written, today) : written;
  return validDate(year, month, day, today);
}

/** The latest year that is not in the future. */
function fullYear(short: number, today: Date): number {
  const now = today.getUTCFullYear();
  const year = now - (now % CENTURY) + short;
  return year > now ? year - CENTURY : year;
}

function validDate(year: number, month: number, day: number, today: Date): string | null {
  const date = new Date(Date.UTC(year, month - 1, day));
  const isReal = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  if (!isReal || year < 1880 || date > today) return null;
  return date.toISOString().slice(0, 10);
}
