import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type { Bookable, PatchedBookableInputRequest } from '@/gen';
import { portalBookablePartialUpdate, portalBookableRetrieve, portalDoctorsRetrieve } from '@/gen/portal.gen';
import { unwrap } from '@/shared/api/client';
import { userQuery } from '@/shared/session/get-user';
import { PORTAL, useRefreshPortal } from '@/shared/staff/portal-data';

const keyOf = (doctor?: string) => [...PORTAL, 'bookable', doctor ?? 'own'];
const queryOf = (doctor?: string) => (doctor ? { doctor } : undefined);

/** What can be booked with a doctor; without one, with the signed-in doctor. */
export const bookableQuery = (doctor?: string) =>
  queryOptions({
    queryKey: keyOf(doctor),
    queryFn: ({ signal }) => unwrap(portalBookableRetrieve({ query: queryOf(doctor), signal })),
  });

/** All doctors by name, with those who take no bookings. */
export const allDoctorsQuery = () =>
  queryOptions({
    queryKey: [...PORTAL, 'doctors'],
    queryFn: ({ signal }) => unwrap(portalDoctorsRetrieve({ signal })),
  });

export function useChangeBookable(doctor?: string) {
  const queries = useQueryClient();
  const refresh = useRefreshPortal();
  return useMutation({
    mutationFn: (body: PatchedBookableInputRequest) =>
      unwrap(portalBookablePartialUpdate({ body, query: queryOf(doctor) })),
    onSuccess: (bookable) => {
      queries.setQueryData(keyOf(doctor), bookable);
      queries.invalidateQueries({ queryKey: userQuery().queryKey });
      queries.invalidateQueries({ queryKey: ['doctors'] });
    },
    onSettled: refresh,
  });
}

/** The values of the form. */
export interface Switches {
  isActive: boolean;
  newPatients: boolean;
  /** The ids of the visit types that can be booked. */
  offered: ReadonlySet<string>;
}

export const switchesOf = (bookable: Bookable): Switches => ({
  isActive: bookable.is_active,
  newPatients: bookable.accepting_new_patients,
  offered: new Set(bookable.visit_types.filter(({ offered }) => offered).map(({ id }) => id)),
});

/** Only what differs is sent, so that somebody else's change of another switch stays. */
export function changesOf(
  bookable: Bookable,
  { isActive, newPatients, offered }: Switches,
): PatchedBookableInputRequest {
  return {
    ...(isActive !== bookable.is_active && { is_active: isActive }),
    ...(newPatients !== bookable.accepting_new_patients && { accepting_new_patients: newPatients }),
    visit_types: bookable.visit_types
      .filter((row) => row.offered !== offered.has(row.id))
      .map(({ id }) => ({ id, offered: offered.has(id) })),
  };
}
