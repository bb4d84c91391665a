import { useMutation, useQueryClient } from '@tanstack/react-query';
import { appointmentsWaitlistOffersDeclineCreate } from '@/gen';
import { unwrap } from '@/shared/api/client';
import { waitingListQuery } from './get-waiting-list';

/** Declines an offer. The list is reloaded even if the offer has already expired. */
export function useDeclineOffer(id: string, onDeclined: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(appointmentsWaitlistOffersDeclineCreate({ path: { offer_id: id } })),
    onSuccess: onDeclined,
    onSettled: () => queries.invalidateQueries({ queryKey: waitingListQuery().queryKey }),
  });
}
