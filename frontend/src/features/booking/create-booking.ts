import { useMutation, useQueryClient } from '@tanstack/react-query';
import { appointmentsBookingsCreate, type BookingInputRequest } from '@/gen';
import { isApiError } from '@/shared/api/api-error';
import { unwrap } from '@/shared/api/client';
import type { Slot } from '@/shared/api/types';
import { bookingChanged } from '@/shared/bookings/get-booking';
import type { Answers } from '@/shared/visit-types/answers';
import { dropBookingDraft } from './booking-draft';
import { attempt, rememberBooked, settleAttempt } from './pending-request';
import { dropHold } from './stored-hold';

export interface Order {
  slot: Slot;
  /** Gets the hold that becomes the booking, where there is one. */
  take: () => Promise<string | undefined>;
  visitType: string | undefined;
  reason: string;
  answers: Answers;
  /** Of whom one cares for; null for oneself. */
  patient: string | null;
}

function requestFor(order: Order, hold: string | undefined): BookingInputRequest {
  const { slot, visitType, reason, answers, patient } = order;
  return {
    ...(hold ? { hold } : { slot: slot.id }),
    reason,
    ...(visitType && { visit_type: visitType, answers }),
    ...(patient && { patient }),
  };
}

function send(order: Order, hold: string | undefined, signal: AbortSignal) {
  const { request, key } = attempt(order.slot, requestFor(order, hold));
  return unwrap(appointmentsBookingsCreate({ body: request, headers: { 'Idempotency-Key': key }, signal }));
}

/** Books the slot. Never optimistic: only the server's 201 is a booking. */
export function useCreateBooking() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ order, signal }: { order: Order; signal: AbortSignal }) => {
      try {
        return await send(order, await order.take(), signal);
      } catch (error) {
        if (!isApiError(error, 'hold_expired')) throw error;
        // The hold ended sooner than this device thought; the time may be open all the same.
        settleAttempt();
        dropHold();
        return await send(order, undefined, signal);
      }
    },
    onSuccess: (booking, { order }) => {
      rememberBooked(order.slot, booking.id);
      dropBookingDraft();
      dropHold();
      bookingChanged(queries, booking);
    },
    onError: (error) => {
      if (isApiError(error) && !error.unanswered && error.status !== 401) settleAttempt();
    },
  });
}
