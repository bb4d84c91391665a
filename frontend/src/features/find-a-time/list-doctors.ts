import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { usersDoctorsList } from '@/gen';
import { unwrap } from '@/shared/api/client';

export const DOCTORS_PER_PAGE = 12;

export interface DoctorSearch {
  search?: string;
  specialty?: string;
  /** 0 is Monday. */
  weekday?: number;
  /** Only doctors who offer this visit type. */
  visit_type?: string;
  page: number;
}

export const doctorsQuery = (search: DoctorSearch) => {
  const query = { ...search, ordering: 'next_available', page_size: DOCTORS_PER_PAGE } as const;
  return queryOptions({
    queryKey: ['doctors', 'list', query],
    queryFn: ({ signal }) => unwrap(usersDoctorsList({ query, signal })),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
};
