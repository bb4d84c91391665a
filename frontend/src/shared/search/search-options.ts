import { queryOptions, useQuery } from '@tanstack/react-query';
import type { SearchOptions } from '@/gen';
import { appointmentsAvailableFiltersRetrieve } from '@/gen/search.gen';
import { unwrap } from '@/shared/api/client';
import { SEARCH_OPTIONS } from '@/shared/clinic/boot-data';

const NONE: SearchOptions = { languages: [], sexes: [], places: [] };

const searchOptionsQuery = () =>
  queryOptions({
    queryKey: [SEARCH_OPTIONS],
    queryFn: ({ signal }) => unwrap(appointmentsAvailableFiltersRetrieve({ signal })),
    staleTime: 300_000,
  });

/** The values of the search filters; undefined while they are loading. Without them there are fewer filters. */
export function useSearchOptions(): SearchOptions | undefined {
  const { data, isError } = useQuery(searchOptionsQuery());
  return data ?? (isError ? NONE : undefined);
}
