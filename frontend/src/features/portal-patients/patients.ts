import { keepPreviousData, queryOptions, useMutation } from '@tanstack/react-query';
import type { BoardVisit } from '@/gen';
import {
  portalPatientsPartialUpdate,
  portalPatientsRetrieve,
  portalPatientsVisitsList,
  portalPatientVisitsList,
  usersPatientsRetrieve,
} from '@/gen/portal.gen';
import { unwrap } from '@/shared/api/client';
import { PORTAL, useRefreshPortal } from '@/shared/staff/portal-data';

export type Visit = BoardVisit;

/** The patients that match, by name. Without a search, all that the user may see. */
export const patientsQuery = (q: string, page: number) =>
  queryOptions({
    queryKey: [...PORTAL, 'patients', q, page],
    queryFn: ({ signal }) => unwrap(portalPatientsRetrieve({ query: { ...(q && { q }), page }, signal })),
    placeholderData: keepPreviousData,
  });

/** The last and next visits of some patients, by the patient's id. */
export const visitsAroundQuery = (ids: string[]) =>
  queryOptions({
    queryKey: [...PORTAL, 'patient-visits', ids],
    queryFn: async ({ signal }) => {
      const rows = await unwrap(portalPatientVisitsList({ query: { patients: ids.join(',') }, signal }));
      return new Map(rows.map((row) => [row.patient, row]));
    },
    enabled: ids.length > 0,
  });

/** A patient's record. */
export const recordQuery = (id: string) =>
  queryOptions({
    queryKey: [...PORTAL, 'record', id],
    queryFn: ({ signal }) => unwrap(usersPatientsRetrieve({ path: { patient_id: id }, signal })),
  });

export const VISITS_PER_PAGE = 25;

/** The visits of a patient: upcoming ones, or past ones with their outcomes. */
export const historyQuery = (id: string, when: 'upcoming' | 'past', page = 1) =>
  queryOptions({
    queryKey: [...PORTAL, 'history', id, when, page],
    queryFn: ({ signal }) =>
      unwrap(portalPatientsVisitsList({ path: { patient_id: id }, query: { when, page }, signal })),
  });

export interface Contact {
  first_name: string;
  last_name: string;
  date_of_birth: string | null;
  phone: string;
}

/** Changes a patient's contact details at the front desk. */
export function useChangeContact(id: string) {
  const refresh = useRefreshPortal();
  return useMutation({
    mutationFn: (body: Contact) => unwrap(portalPatientsPartialUpdate({ path: { patient_id: id }, body })),
    onSuccess: refresh,
  });
}
