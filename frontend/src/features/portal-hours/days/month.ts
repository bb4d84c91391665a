import { currentLocale } from '@/shared/locale/locale';
import { addDays } from '@/shared/times/dates';
import { weekdays } from '@/shared/times/weekdays';

const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;

/** Returns the month ("2026-11") of a URL, else that of a date. */
export const monthOf = (text: string | null, date: string) =>
  text && MONTH.test(text) ? text : date.slice(0, 7);

export function addMonths(month: string, count: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  const index = year * 12 + number - 1 + count;
  return `${Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`;
}

/** The first and last day of the weeks that a month is part of: at most six weeks. */
export function gridOf(month: string): { from: string; to: string } {
  const first = `${month}-01`;
  const last = addDays(`${addMonths(month, 1)}-01`, -1);
  const order = weekdays().map(({ number }) => number);
  const column = (date: string) => order.indexOf((new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7);
  return { from: addDays(first, -column(first)), to: addDays(last, 6 - column(last)) };
}

/** "November 2026", of "2026-11" */
export function monthName(month: string): string {
  const format = new Intl.DateTimeFormat(currentLocale(), {
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });
  return format.format(new Date(`${month}-01T00:00:00Z`));
}
