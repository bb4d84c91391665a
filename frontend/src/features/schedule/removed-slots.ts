import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { appointmentsMyAppointmentsList, appointmentsSlotsRestoreCreate } from '@/gen';
import { unwrap } from '@/shared/api/client';
import { MINE } from '@/shared/session/get-user';

/** The times that were removed on one day. A day fits on one page. */
export const removedSlotsQuery = (date: string) =>
  queryOptions({
    queryKey: [MINE, 'day', date, 'removed'],
    queryFn: async ({ signal }) => {
      const query = { from: date, to: date, page_size: 100, status: 'removed' } as const;
      return (await unwrap(appointmentsMyAppointmentsList({ query, signal }))).results;
    },
  });

/** Offers a removed time again. */
export function useRestoreSlot() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => unwrap(appointmentsSlotsRestoreCreate({ path: { slot_id: id } })),
    onSettled: () => queries.invalidateQueries({ queryKey: [MINE, 'day'] }),
  });
}
