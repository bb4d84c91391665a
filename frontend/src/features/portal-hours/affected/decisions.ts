import type { DecisionInputRequest } from '@/gen';

/** What the API expects with a change: an action for each booking, and the reason for the patients. */
export interface Decisions {
  bookings: DecisionInputRequest[];
  note: string;
}

export const NO_DECISIONS: Decisions = { bookings: [], note: '' };
