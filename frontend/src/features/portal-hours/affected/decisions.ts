import type { AffectedBooking, DecisionInputRequest } from '@/gen';

/** What the API takes: an action for each booking, and the reason for the patients. */
export interface Decisions {
  bookings: DecisionInputRequest[];
  note: string;
}

export const NO_DECISIONS: Decisions = { bookings: [], note: '' };

/** The value of a row's list: `keep`, `cancel`, `nearest`, or the id of a slot to move to. */
export type Choice = string;
export type Choices = Record<string, Choice>;

/** The choice that moves a booking to its best alternative. */
export function nearest({ alternatives }: AffectedBooking): Choice | null {
  if (alternatives === null) return 'nearest'; // too many to look for; the server finds one when it saves
  return alternatives[0]?.id ?? null;
}

/** The same choice for every booking: those that cannot be moved are kept. */
export function chooseForAll(bookings: AffectedBooking[], action: 'keep' | 'move' | 'cancel'): Choices {
  return Object.fromEntries(
    bookings.map((row) => [row.booking.id, action === 'move' ? (nearest(row) ?? 'keep') : action]),
  );
}

export function toDecisions(choices: Choices, note: string): Decisions {
  const bookings = Object.entries(choices).map(([booking, choice]): DecisionInputRequest => {
    if (choice === 'keep' || choice === 'cancel') return { booking, action: choice };
    return { booking, action: 'move', slot: choice === 'nearest' ? null : choice };
  });
  return { bookings, note: note.trim() };
}

export interface Totals {
  move: number;
  keep: number;
  cancel: number;
  undecided: number;
}

export function totals(bookings: AffectedBooking[], choices: Choices): Totals {
  const count: Totals = { move: 0, keep: 0, cancel: 0, undecided: 0 };
  for (const { booking } of bookings) {
    const choice = choices[booking.id];
    if (!choice) count.undecided += 1;
    else if (choice === 'keep' || choice === 'cancel') count[choice] += 1;
    else count.move += 1;
  }
  return count;
}
