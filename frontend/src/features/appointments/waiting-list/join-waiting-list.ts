import { useMutation, useQueryClient } from '@tanstack/react-query';
import { appointmentsWaitlistCreate, type WaitlistInputRequest } from '@/gen';
import { unwrap } from '@/shared/api/client';
import { waitingListQuery } from './get-waiting-list';

export function useJoinWaitingList() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: WaitlistInputRequest) => unwrap(appointmentsWaitlistCreate({ body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: waitingListQuery().queryKey }),
  });
}
