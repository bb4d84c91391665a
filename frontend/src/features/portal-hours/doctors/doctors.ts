import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { usersDoctorsList } from '@/gen';
import { unwrap } from '@/shared/api/client';
import { PORTAL } from '@/shared/staff/portal-data';

export const DOCTORS_ON_PAGE = 50;

/** A page of the clinic's doctors, by name. */
export const doctorsQuery = (search: string, page: number) =>
  queryOptions({
    queryKey: [...PORTAL, 'doctors', search, page],
    queryFn: ({ signal }) => {
      const query = {
        ...(search && { search }),
        ordering: 'name' as const,
        page,
        page_size: DOCTORS_ON_PAGE,
      };
      return unwrap(usersDoctorsList({ query, signal }));
    },
    placeholderData: keepPreviousData,
  });
