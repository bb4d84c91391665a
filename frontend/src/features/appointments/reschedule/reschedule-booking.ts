import { useMutation, useQueryClient } from '@tanstack/react-query';
import { appointmentsBookingsRescheduleCreate } from '@/gen';
import { isApiError } from '@/shared/api/api-error';
import { unwrap } from '@/shared/api/client';
import { bookingChanged, bookingQuery } from '@/shared/bookings/get-booking';

/** Moves a booking to another slot; the old time is given up only when the new one is had. */
export function useMoveBooking(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (slot: string) =>
      unwrap(appointmentsBookingsRescheduleCreate({ path: { booking_id: id }, body: { slot } })),
    onSuccess: (booking) => bookingChanged(queries, booking),
    // It may have been moved by a request whose answer got lost.
    onError: (error) =>
      isApiError(error) && error.unanswered
        ? queries.invalidateQueries({ queryKey: bookingQuery(id).queryKey })
        : undefined,
  });
}
