import { useMutation, useQueryClient } from '@tanstack/react-query';
import { appointmentsBookingsCreate, type BookingInputRequest } from '@/gen';
import { isApiError } from '@/shared/api/api-error';
import { unwrap } from '@/shared/api/client';
import type { Slot } from '@/shared/api/types';
import { MINE } from '@/shared/session/get-user';
import { attemptKey, rememberBooked, settleAttempt } from './attempt';
import { type Answers, dropBookingDraft } from './booking-draft';

export interface Order {
  slot: Slot;
  visitType: string | undefined;
  reason: string;
  answers: Answers;
  /** Of whom one cares for; null for oneself. */
  patient: string | null;
}

function requestFor({ slot, visitType, reason, answers, patient }: Order): BookingInputRequest {
  return {
    slot: slot.id,
    reason,
    ...(visitType && { visit_type: visitType, answers }),
    ...(patient && { patient }),
  };
}

/** Books the slot. Never optimistic: only the server's 201 is a booking. */
export function useCreateBooking() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ order, signal }: { order: Order; signal: AbortSignal }) => {
      const body = requestFor(order);
      const headers = { 'Idempotency-Key': attemptKey(order.slot, body) };
      return unwrap(appointmentsBookingsCreate({ body, headers, signal }));
    },
    onSuccess: (booking, { order }) => {
      rememberBooked(order.slot, booking.id);
      dropBookingDraft();
      queries.setQueryData([MINE, 'bookings', 'one', booking.id], booking);
      queries.invalidateQueries({ queryKey: [MINE, 'bookings', 'list'] });
      queries.invalidateQueries({ queryKey: ['open-slots'] });
      queries.invalidateQueries({ queryKey: ['doctors'] });
    },
    onError: (error) => {
      if (isApiError(error) && !error.unanswered && error.status !== 401) settleAttempt();
    },
  });
}
