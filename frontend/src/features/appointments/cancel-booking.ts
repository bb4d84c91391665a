import { useMutation, useQueryClient } from '@tanstack/react-query';
import { appointmentsBookingsCancelCreate } from '@/gen';
import { unwrap } from '@/shared/api/client';
import { MINE } from '@/shared/session/get-user';
import { bookingQuery } from './get-booking';

export function useCancelBooking(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (reason: string) =>
      unwrap(appointmentsBookingsCancelCreate({ path: { booking_id: id }, body: { reason } })),
    onSuccess: (booking) => {
      queries.setQueryData(bookingQuery(id).queryKey, booking);
      queries.invalidateQueries({ queryKey: [MINE, 'bookings', 'list'] });
      queries.invalidateQueries({ queryKey: ['open-slots'] });
      queries.invalidateQueries({ queryKey: ['doctors'] });
    },
  });
}
