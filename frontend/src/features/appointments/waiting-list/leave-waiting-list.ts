import { useMutation, useQueryClient } from '@tanstack/react-query';
import { appointmentsWaitlistDestroy } from '@/gen';
import { unwrap } from '@/shared/api/client';
import { waitingListQuery } from './get-waiting-list';

export function useLeaveWaitingList(id: string, onLeft: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(appointmentsWaitlistDestroy({ path: { entry_id: id } })),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: waitingListQuery().queryKey });
      onLeft();
    },
  });
}
