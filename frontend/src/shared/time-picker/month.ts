import { addDays } from '@/shared/times/dates';

/** The same day of another month, or its last one. */
export function addMonths(date: string, months: number): string {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  const target = new Date(Date.UTC(year, month - 1 + months, 1));
  const last = Number(lastOfMonth(target.toISOString()).slice(8));
  target.setUTCDate(Math.min(day, last));
  return target.toISOString().slice(0, 10);
}

export function lastOfMonth(date: string): string {
  const [year = 0, month = 1] = date.split('-').map(Number);
  return new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
}

/** The weekday of a date. 0 is Monday. */
const weekdayOf = (date: string) => (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;

/** The weeks of the month of a date. Days of other months are null. @param firstWeekday 0 is Monday */
export function weeksOf(date: string, firstWeekday: number): (string | null)[][] {
  const first = `${date.slice(0, 8)}01`;
  const last = lastOfMonth(date);
  const before = (weekdayOf(first) - firstWeekday + 7) % 7;
  const weeks: (string | null)[][] = [];
  for (let start = addDays(first, -before); start <= last; start = addDays(start, 7)) {
    const week = [0, 1, 2, 3, 4, 5, 6].map((number) => addDays(start, number));
    weeks.push(week.map((day) => (day < first || day > last ? null : day)));
  }
  return weeks;
}

/** The day to which a key moves in the grid of a month; undefined for other keys. */
export function dayAfterKey(
  date: string,
  key: string,
  firstWeekday: number,
  isRtl = false,
): string | undefined {
  const column = (weekdayOf(date) - firstWeekday + 7) % 7;
  const forward = isRtl ? -1 : 1;
  switch (key) {
    case 'ArrowLeft':
      return addDays(date, -forward);
    case 'ArrowRight':
      return addDays(date, forward);
    case 'ArrowUp':
      return addDays(date, -7);
    case 'ArrowDown':
      return addDays(date, 7);
    case 'Home':
      return addDays(date, -column);
    case 'End':
      return addDays(date, 6 - column);
    case 'PageUp':
      return addMonths(date, -1);
    case 'PageDown':
      return addMonths(date, 1);
  }
}
