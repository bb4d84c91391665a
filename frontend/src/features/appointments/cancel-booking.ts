import { useMutation, useQueryClient } from '@tanstack/react-query';
import { appointmentsBookingsCancelCreate } from '@/gen';
import { unwrap } from '@/shared/api/client';
import { updateBookingCache } from '@/shared/bookings/get-booking';

export function useCancelBooking(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (reason: string) =>
      unwrap(appointmentsBookingsCancelCreate({ path: { booking_id: id }, body: { reason } })),
    onSuccess: (booking) => updateBookingCache(queries, booking),
  });
}
