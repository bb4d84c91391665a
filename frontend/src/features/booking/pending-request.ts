import type { BookingInputRequest } from '@/gen';
import type { Slot } from '@/shared/api/types';
import { randomUuid } from './random-uuid';

// A draft, so that it goes with the others when its owner signs out.
const STORAGE_KEY = 'draft:attempt';

/** A confirmation that was sent: in doubt until the server answered, then either gone or a booking. */
interface Attempt {
  slot: Slot;
  /** Left out once it became a booking. */
  request?: BookingInputRequest;
  key: string;
  booking?: string;
}

function read(): Attempt | null {
  return JSON.parse(sessionStorage.getItem(STORAGE_KEY) ?? 'null');
}

function write(attempt: Attempt): void {
  sessionStorage.setItem(STORAGE_KEY, JSON.stringify(attempt));
}

/**
 * What to send, and its idempotency key: the same for every repeat, also after a reload, so that an answer
 * that got lost cannot become a second booking. Whatever else is said is another request; a hold that has
 * come or gone meanwhile is none.
 */
export function attempt(
  slot: Slot,
  request: BookingInputRequest,
): Required<Pick<Attempt, 'key' | 'request'>> {
  const last = read();
  const same = last?.slot.id === slot.id && said(last.request) === said(request);
  if (same && last.request) return { key: last.key, request: last.request };
  const key = randomUuid();
  write({ slot, request, key });
  return { key, request };
}

const said = (request: BookingInputRequest | undefined) =>
  JSON.stringify({ ...request, slot: undefined, hold: undefined });

/** The server refused, so the next try is a new request. */
export function settleAttempt(): void {
  sessionStorage.removeItem(STORAGE_KEY);
}

/** Keeps what the slot became, and no longer what was said, so that going back leads to the appointment. */
export function rememberBooked(slot: Slot, booking: string): void {
  write({ slot, key: '', booking });
}

export function bookedAs(slotId: string): string | null {
  const last = read();
  return last?.slot.id === slotId ? (last.booking ?? null) : null;
}

/** The slot of an attempt without an answer: it may look taken because it is taken by this person. */
export function slotInDoubt(slotId: string): Slot | null {
  const last = read();
  return last?.slot.id === slotId && !last.booking ? last.slot : null;
}
