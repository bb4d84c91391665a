import type { Slot } from '@/shared/api/types';
import { addDays } from '@/shared/times/dates';

export const DAYS_SHOWN = 7;

/** A day with times, or consecutive days without times. */
export type DayGroup = { kind: 'times'; date: string; slots: Slot[] } | { kind: 'empty'; dates: string[] };

/** Groups seven days from `from`. Consecutive days without times form one group. */
export function groupDays(from: string, slots: Slot[]): DayGroup[] {
  const groups: DayGroup[] = [];
  for (let day = 0; day < DAYS_SHOWN; day++) {
    const date = addDays(from, day);
    const last = groups.at(-1);
    const open = slots.filter((slot) => slot.local_date === date);
    if (open.length > 0) groups.push({ kind: 'times', date, slots: open });
    else if (last?.kind === 'empty') last.dates.push(date);
    else groups.push({ kind: 'empty', dates: [date] });
  }
  return groups;
}

/** The URL of the same page at another day, with no time chosen. */
export function weekPath(params: URLSearchParams, from: string): string {
  const next = new URLSearchParams(params);
  next.set('from', from);
  next.delete('slot');
  return `?${next}`;
}
