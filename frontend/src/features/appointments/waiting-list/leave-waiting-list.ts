import { useMutation, useQueryClient } from '@tanstack/react-query';
import { appointmentsWaitlistDestroy } from '@/gen';
import { unwrap } from '@/shared/api/client';
import { waitingQuery } from './get-waiting-list';

export function useLeaveWaiting(id: string, left: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(appointmentsWaitlistDestroy({ path: { entry_id: id } })),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: waitingQuery().queryKey });
      left();
    },
  });
}
