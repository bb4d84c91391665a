import type { AffectedBooking, DecisionInputRequest } from '@/gen';

export type Action = 'keep' | 'move' | 'cancel';

/** What to do with a booking: `keep`, `cancel`, `nearest`, or the id of a slot to move it to. */
export type Choice = string;

/** The choices by the id of the booking. Bookings without a choice are undecided. */
export type Choices = Record<string, Choice>;

/** The choice that moves a booking to its best alternative; null if there is none. */
function nearest({ alternatives }: AffectedBooking): Choice | null {
  // With very many bookings the server searches for alternatives only when it saves the change.
  if (alternatives === null) return 'nearest';
  return alternatives[0]?.id ?? null;
}

/** The same choice for all bookings. A booking without an alternative cannot be moved and does not change. */
export function chooseForAll(bookings: AffectedBooking[], action: Action): Choices {
  return Object.fromEntries(
    bookings.map((row) => [row.booking.id, action === 'move' ? (nearest(row) ?? 'keep') : action]),
  );
}

/** The choices as the API expects them. */
export const toDecisions = (choices: Choices): DecisionInputRequest[] =>
  Object.entries(choices).map(([booking, choice]) => {
    if (choice === 'keep' || choice === 'cancel') return { booking, action: choice };
    return { booking, action: 'move', slot: choice === 'nearest' ? null : choice };
  });

/** The number of bookings with each action, and of those without a choice. */
export function totals(bookings: AffectedBooking[], choices: Choices) {
  const count = { move: 0, keep: 0, cancel: 0, undecided: 0 };
  for (const { booking } of bookings) {
    const choice = choices[booking.id];
    if (!choice) count.undecided += 1;
    else if (choice === 'keep' || choice === 'cancel') count[choice] += 1;
    else count.move += 1;
  }
  return count;
}
