import type { Slot } from '@/shared/api/types';
import { addDays } from '@/shared/times/dates';

export const DAYS_SHOWN = 7;

/** A day with times, or a run of days without any. */
export type Stretch = { kind: 'times'; date: string; slots: Slot[] } | { kind: 'empty'; dates: string[] };

/** Seven days from `from` on; neighbouring empty days are folded into one stretch. */
export function foldWeek(from: string, slots: Slot[]): Stretch[] {
  const stretches: Stretch[] = [];
  for (let day = 0; day < DAYS_SHOWN; day++) {
    const date = addDays(from, day);
    const last = stretches.at(-1);
    const open = slots.filter((slot) => slot.local_date === date);
    if (open.length > 0) stretches.push({ kind: 'times', date, slots: open });
    else if (last?.kind === 'empty') last.dates.push(date);
    else stretches.push({ kind: 'empty', dates: [date] });
  }
  return stretches;
}

/** The same page at another day; a time chosen on these days is none there. */
export function weekPath(params: URLSearchParams, from: string): string {
  const next = new URLSearchParams(params);
  next.set('from', from);
  next.delete('slot');
  return `?${next}`;
}
