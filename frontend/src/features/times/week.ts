import type { Slot } from '@/shared/api/types';
import { addDays } from '@/shared/times/calendar';

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

export type Pass = 'only' | 'before the change' | 'after the change';

/** When the clocks go back an hour runs twice: which pass a slot of that day is in. */
export function passOf(slot: Slot, day: Slot[]): Pass {
  const twins = day.filter((other) => other.local_time === slot.local_time);
  if (twins.length < 2) return 'only';
  return twins.some((other) => other.starts_at < slot.starts_at) ? 'after the change' : 'before the change';
}
