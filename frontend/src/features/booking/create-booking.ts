import { useMutation, useQueryClient } from '@tanstack/react-query';
import { appointmentsBookingsCreate, type BookingInputRequest } from '@/gen';
import { isApiError } from '@/shared/api/api-error';
import { unwrap } from '@/shared/api/client';
import type { Slot } from '@/shared/api/types';
import { updateBookingCache } from '@/shared/bookings/get-booking';
import type { Answers } from '@/shared/visit-types/answers';
import { deleteBookingDraft } from './booking-draft';
import { clearPendingRequest, idempotentRequest, saveBookedSlot } from './pending-request';
import { deleteHold } from './stored-hold';

export interface BookingOrder {
  slot: Slot;
  /** Returns the id of the hold to turn into a booking, if there is one. */
  getHoldId: () => Promise<string | undefined>;
  visitType: string | undefined;
  reason: string;
  answers: Answers;
  /** Id of a dependant; null for the user. */
  patient: string | null;
}

function requestFor(order: BookingOrder, hold: string | undefined): BookingInputRequest {
  const { slot, visitType, reason, answers, patient } = order;
  return {
    ...(hold ? { hold } : { slot: slot.id }),
    reason,
    ...(visitType && { visit_type: visitType, answers }),
    ...(patient && { patient }),
  };
}

function send(order: BookingOrder, hold: string | undefined, signal: AbortSignal) {
  const { request, key } = idempotentRequest(order.slot, requestFor(order, hold));
  return unwrap(appointmentsBookingsCreate({ body: request, headers: { 'Idempotency-Key': key }, signal }));
}

/** Books the slot. Not optimistic: only the server's response confirms a booking. */
export function useCreateBooking() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ order, signal }: { order: BookingOrder; signal: AbortSignal }) => {
      try {
        return await send(order, await order.getHoldId(), signal);
      } catch (error) {
        if (!isApiError(error, 'hold_expired')) throw error;
        // The hold expired earlier than this device expected. The slot may still be free.
        clearPendingRequest();
        deleteHold();
        return await send(order, undefined, signal);
      }
    },
    onSuccess: (booking, { order }) => {
      saveBookedSlot(order.slot, booking.id);
      deleteBookingDraft();
      deleteHold();
      updateBookingCache(queries, booking);
    },
    onError: (error) => {
      if (isApiError(error) && !error.isRetryable && error.status !== 401) clearPendingRequest();
    },
  });
}
