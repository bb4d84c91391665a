import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import {
  portalOutsideCalendarsCreate,
  portalOutsideCalendarsDestroy,
  portalOutsideCalendarsRefreshCreate,
  portalOutsideCalendarsRetrieve,
  portalOutsideCalendarsTestCreate,
} from '@/gen/portal.gen';
import { unwrap } from '@/shared/api/client';
import { PORTAL, useRefreshPortal } from '@/shared/staff/portal-data';

/** The address of a calendar and its login. A calendar with a user name is read by CalDAV. */
export interface Source {
  address: string;
  user_name: string;
  password: string;
}

const keyOf = (doctor?: string) => [...PORTAL, 'outside-calendars', doctor ?? 'own'];
const queryOf = (doctor?: string) => (doctor ? { doctor } : undefined);

/** The outside calendars of a doctor; without one, of the signed-in doctor. */
export const outsideCalendarsQuery = (doctor?: string) =>
  queryOptions({
    queryKey: keyOf(doctor),
    queryFn: ({ signal }) => unwrap(portalOutsideCalendarsRetrieve({ query: queryOf(doctor), signal })),
    refetchInterval: 60_000,
  });

export function useTestCalendar(doctor?: string) {
  return useMutation({
    mutationFn: (body: Source) => unwrap(portalOutsideCalendarsTestCreate({ body, query: queryOf(doctor) })),
  });
}

export function useAddCalendar(doctor?: string) {
  const refresh = useRefreshPortal();
  return useMutation({
    mutationFn: (body: Source & { name: string }) =>
      unwrap(portalOutsideCalendarsCreate({ body, query: queryOf(doctor) })),
    onSettled: refresh,
  });
}

export function useRemoveCalendar() {
  const refresh = useRefreshPortal();
  return useMutation({
    mutationFn: (id: string) => unwrap(portalOutsideCalendarsDestroy({ path: { calendar_id: id } })),
    onSettled: refresh,
  });
}

/** Reads a calendar now, and reloads its state even if that failed. */
export function useRefreshCalendar(doctor?: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => unwrap(portalOutsideCalendarsRefreshCreate({ path: { calendar_id: id } })),
    onSettled: () => queries.invalidateQueries({ queryKey: keyOf(doctor) }),
  });
}
