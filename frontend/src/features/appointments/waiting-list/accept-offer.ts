import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type AcceptInputRequest, appointmentsWaitlistOffersAcceptCreate } from '@/gen';
import { unwrap } from '@/shared/api/client';
import { updateBookingCache } from '@/shared/bookings/get-booking';
import { waitingListQuery } from './get-waiting-list';

export function useAcceptOffer(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: AcceptInputRequest) =>
      unwrap(appointmentsWaitlistOffersAcceptCreate({ path: { offer_id: id }, body })),
    onSuccess: (booking) => {
      updateBookingCache(queries, booking);
      return queries.invalidateQueries({ queryKey: waitingListQuery().queryKey });
    },
  });
}
