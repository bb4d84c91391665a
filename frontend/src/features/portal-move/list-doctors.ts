import { queryOptions } from '@tanstack/react-query';
import { usersDoctorsList } from '@/gen';
import { unwrap } from '@/shared/api/client';

const PAGE = 100;

/** All doctors of the clinic, by name. */
export const allDoctorsQuery = queryOptions({
  queryKey: ['doctors', 'all-names'],
  queryFn: async ({ signal }) => {
    const found: { id: string; display_name: string }[] = [];
    for (let page = 1; ; page += 1) {
      const { results, next } = await unwrap(usersDoctorsList({ query: { page, page_size: PAGE }, signal }));
      found.push(...results);
      if (!next) return found;
    }
  },
  staleTime: 5 * 60_000,
});
