import { useMutation, useQueryClient } from '@tanstack/react-query';
import { appointmentsBookingsCreate } from '@/gen';
import { isApiError } from '@/shared/api/api-error';
import { unwrap } from '@/shared/api/client';
import type { Slot } from '@/shared/api/types';
import { MINE } from '@/shared/session/get-user';
import { attemptKey, rememberBooked, settleAttempt } from './attempt';
import { dropBookingDraft } from './booking-draft';

interface Order {
  slot: Slot;
  reason: string;
  /** Of whom one cares for; null for oneself. */
  patient: string | null;
  signal: AbortSignal;
}

/** Books the slot. Never optimistic: only the server's 201 is a booking. */
export function useCreateBooking() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ slot, reason, patient, signal }: Order) =>
      unwrap(
        appointmentsBookingsCreate({
          body: { slot: slot.id, reason, ...(patient && { patient }) },
          headers: { 'Idempotency-Key': attemptKey(slot, reason, patient) },
          signal,
        }),
      ),
    onSuccess: (booking, { slot }) => {
      rememberBooked(slot, booking.id);
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
