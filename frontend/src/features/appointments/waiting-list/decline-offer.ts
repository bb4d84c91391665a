import { useMutation, useQueryClient } from '@tanstack/react-query';
import { appointmentsWaitlistOffersDeclineCreate } from '@/gen';
import { unwrap } from '@/shared/api/client';
import { waitingQuery } from './get-waiting-list';

/** Leaves what is offered to the next; an offer that has ended meanwhile is gone all the same. */
export function useDeclineOffer(id: string, declined: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(appointmentsWaitlistOffersDeclineCreate({ path: { offer_id: id } })),
    onSuccess: declined,
    onSettled: () => queries.invalidateQueries({ queryKey: waitingQuery().queryKey }),
  });
}
