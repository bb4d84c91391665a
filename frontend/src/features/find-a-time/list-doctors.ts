import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { usersDoctorsList } from '@/gen';
import { unwrap } from '@/shared/api/client';
import type { Filters } from '@/shared/search/filters';

export const DOCTORS_PER_PAGE = 12;
export const DOCTORS_SIDE_BY_SIDE = 4;

export interface DoctorSearch {
  search?: string | undefined;
  filters: Filters;
  /** Only doctors who offer this visit type. */
  visit_type?: string | undefined;
  /** Only doctors who accept new patients. */
  accepting_new_patients?: true;
  page: number;
}

/** A page of the doctors who match, soonest available first. */
export const doctorsQuery = ({ filters, ...search }: DoctorSearch, pageSize = DOCTORS_PER_PAGE) => {
  const query = {
    ...search,
    ...apiFilters(filters),
    ordering: 'next_available',
    page_size: pageSize,
  } as const;
  return queryOptions({
    queryKey: ['doctors', 'list', query],
    queryFn: ({ signal }) => unwrap(usersDoctorsList({ query, signal })),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
};

/** The filters that the search for doctors knows. */
function apiFilters({ weekday, specialty, language, place, part_of_day, sex }: Filters) {
  return {
    ...(specialty && { specialty }),
    ...(language && { language }),
    ...(place && { place }),
    ...(weekday && { weekday: Number(weekday) }),
    ...(part_of_day && { part_of_day: part_of_day as 'morning' | 'afternoon' | 'evening' }),
    ...(sex && { sex: sex as 'female' | 'male' }),
  };
}
