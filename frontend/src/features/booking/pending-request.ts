import type { BookingInputRequest } from '@/gen';
import { randomUuid } from '@/shared/api/random-uuid';
import type { Slot } from '@/shared/api/types';

// A draft key, so that it is deleted with all drafts on sign-out.
const STORAGE_KEY = 'draft:booking-request';

/**
 * A booking request. Its result is unknown until the server responds; then it is deleted or becomes a
 * booking.
 */
interface PendingRequest {
  slot: Slot;
  /** Removed once there is a booking. */
  request?: BookingInputRequest;
  key: string;
  booking?: string;
}

function read(): PendingRequest | null {
  return JSON.parse(sessionStorage.getItem(STORAGE_KEY) ?? 'null');
}

function write(idempotentRequest: PendingRequest): void {
  sessionStorage.setItem(STORAGE_KEY, JSON.stringify(idempotentRequest));
}

/**
 * Returns the request to send and its idempotency key. A repeat of the same request has the same key, even
 * after a reload, so that a lost response cannot cause a second booking. Other details make another
 * request; another hold does not.
 */
export function idempotentRequest(
  slot: Slot,
  request: BookingInputRequest,
): Required<Pick<PendingRequest, 'key' | 'request'>> {
  const last = read();
  const same = last?.slot.id === slot.id && fingerprint(last.request) === fingerprint(request);
  if (same && last.request) return { key: last.key, request: last.request };
  const key = randomUuid();
  write({ slot, request, key });
  return { key, request };
}

const fingerprint = (request: BookingInputRequest | undefined) =>
  JSON.stringify({ ...request, slot: undefined, hold: undefined });

/** Deletes the request after the server has refused it, so that the next one gets a new key. */
export function clearPendingRequest(): void {
  sessionStorage.removeItem(STORAGE_KEY);
}

/** Stores the booking of the slot without the request, so that going back leads to the appointment. */
export function saveBookedSlot(slot: Slot, booking: string): void {
  write({ slot, key: '', booking });
}

export function bookingOfSlot(slotId: string): string | null {
  const last = read();
  return last?.slot.id === slotId ? (last.booking ?? null) : null;
}

/** The slot of a request without a response. It may look taken because this user has booked it. */
export function slotOfPendingRequest(slotId: string): Slot | null {
  const last = read();
  return last?.slot.id === slotId && !last.booking ? last.slot : null;
}
