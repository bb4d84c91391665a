import { useMutation, useQueryClient } from '@tanstack/react-query';
import { appointmentsBookingsRescheduleCreate } from '@/gen/patient.gen';
import { isApiError } from '@/shared/api/api-error';
import { unwrap } from '@/shared/api/client';
import { bookingQuery, updateBookingCache } from '@/shared/bookings/get-booking';

/** Moves a booking to another slot. The old slot is released only when the new one is booked. */
export function useRescheduleBooking(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (slot: string) =>
      unwrap(appointmentsBookingsRescheduleCreate({ path: { booking_id: id }, body: { slot } })),
    onSuccess: (booking) => updateBookingCache(queries, booking),
    // The booking may have been moved although the response was lost.
    onError: (error) =>
      isApiError(error) && error.isRetryable
        ? queries.invalidateQueries({ queryKey: bookingQuery(id).queryKey })
        : undefined,
  });
}
