import type { Slot } from '@/shared/api/types';

/** A day with more times is folded. */
export const FOLDED_ABOVE = 8;

export type PartOfDay = 'morning' | 'afternoon' | 'evening';

function partOf({ local_time }: Slot): PartOfDay {
  if (local_time < '12:00') return 'morning';
  return local_time < '17:00' ? 'afternoon' : 'evening';
}

/** The parts of a day that have times, in order. */
export function partsOfDay(slots: Slot[]): { part: PartOfDay; slots: Slot[] }[] {
  return (['morning', 'afternoon', 'evening'] as const)
    .map((part) => ({ part, slots: slots.filter((slot) => partOf(slot) === part) }))
    .filter((each) => each.slots.length > 0);
}
