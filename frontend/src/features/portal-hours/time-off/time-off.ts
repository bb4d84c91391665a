import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type { TimeOffInputRequest, TimeOffPeriodRequest } from '@/gen';
import {
  appointmentsTimeOffCreate,
  appointmentsTimeOffDestroy,
  appointmentsTimeOffList,
  appointmentsTimeOffPreviewCreate,
  appointmentsTimeOffRetrieve,
} from '@/gen/portal.gen';
import { unwrap } from '@/shared/api/client';
import { PORTAL, useRefreshPortal } from '@/shared/staff/portal-data';

/** Current and future time off of a doctor and of the whole clinic, soonest first. */
export const timeOffQuery = (doctor?: string) =>
  queryOptions({
    queryKey: [...PORTAL, 'time-off', doctor ?? 'own'],
    queryFn: async ({ signal }) =>
      (await unwrap(appointmentsTimeOffList({ query: { doctor, page_size: 100 }, signal }))).results,
  });

/** One time off, with the appointments that it moved or cancelled. */
export const oneTimeOffQuery = (id: string) =>
  queryOptions({
    queryKey: [...PORTAL, 'time-off', 'one', id],
    queryFn: ({ signal }) => unwrap(appointmentsTimeOffRetrieve({ path: { time_off_id: id }, signal })),
  });

/** Lists the appointments in a time off. */
export function usePreviewTimeOff() {
  return useMutation({
    mutationFn: async (body: TimeOffPeriodRequest) =>
      (await unwrap(appointmentsTimeOffPreviewCreate({ body }))).bookings,
  });
}

export function useAddTimeOff() {
  const refresh = useRefreshPortal();
  return useMutation({
    mutationFn: (body: TimeOffInputRequest) => unwrap(appointmentsTimeOffCreate({ body })),
    onSuccess: refresh,
  });
}

interface Removal {
  id: string;
  /** Whether to move back, or book again, the appointments that the time off moved or cancelled. */
  undo: boolean;
}

export function useRemoveTimeOff() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ id, undo }: Removal) => {
      const call = appointmentsTimeOffDestroy({ path: { time_off_id: id }, query: { undo } });
      return (await unwrap(call)).bookings;
    },
    // All but the removed time off itself, which is still on the screen and cannot be read any more.
    onSuccess: (_bookings, { id }) =>
      queries.invalidateQueries({ queryKey: PORTAL, predicate: ({ queryKey }) => !queryKey.includes(id) }),
  });
}
