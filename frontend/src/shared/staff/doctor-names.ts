import { queryOptions } from '@tanstack/react-query';
import { usersDoctorsList } from '@/gen';
import { unwrap } from '@/shared/api/client';

export interface DoctorName {
  id: string;
  display_name: string;
}

const PER_PAGE = 100;

/** All doctors of the clinic by name, to choose one. */
export const doctorNamesQuery = () =>
  queryOptions({
    queryKey: ['doctors', 'names'],
    queryFn: async ({ signal }): Promise<DoctorName[]> => {
      const names: DoctorName[] = [];
      for (let page = 1; ; page += 1) {
        const { results, next } = await unwrap(
          usersDoctorsList({ query: { page, page_size: PER_PAGE }, signal }),
        );
        names.push(...results.map(({ id, display_name }) => ({ id, display_name })));
        if (!next) return names.sort((a, b) => a.display_name.localeCompare(b.display_name));
      }
    },
    staleTime: 300_000,
  });
