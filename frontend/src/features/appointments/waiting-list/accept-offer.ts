import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type AcceptInputRequest, appointmentsWaitlistOffersAcceptCreate } from '@/gen';
import { unwrap } from '@/shared/api/client';
import { bookingChanged } from '@/shared/bookings/get-booking';
import { waitingQuery } from './get-waiting-list';

export function useAcceptOffer(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: AcceptInputRequest) =>
      unwrap(appointmentsWaitlistOffersAcceptCreate({ path: { offer_id: id }, body })),
    onSuccess: (booking) => {
      bookingChanged(queries, booking);
      return queries.invalidateQueries({ queryKey: waitingQuery().queryKey });
    },
  });
}
