import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { usersPatientsList } from '@/gen';
import { unwrap } from '@/shared/api/client';
import { PORTAL } from '@/shared/staff/portal-data';

const SHOWN = 10;

/** The first patients that match a search, by name. */
export const patientsQuery = (search: string) =>
  queryOptions({
    queryKey: [...PORTAL, 'patients-to-merge', search],
    queryFn: async ({ signal }) =>
      (await unwrap(usersPatientsList({ query: { search, page_size: SHOWN }, signal }))).results,
    enabled: search.length > 1,
    placeholderData: keepPreviousData,
  });
