import { infiniteQueryOptions } from '@tanstack/react-query';
import { portalNextFreeRetrieve } from '@/gen/portal.gen';
import { unwrap } from '@/shared/api/client';
import { PORTAL } from '@/shared/staff/portal-data';

export interface TimeFilters {
  visit_type?: string;
  doctor?: string;
  specialty?: string;
  /** The id of a place, or `main`. */
  place?: string;
  /** Numbers with commas between them; 0 is Monday. */
  weekday?: string;
  part_of_day?: 'morning' | 'afternoon' | 'evening';
  from?: string;
  patient?: string;
}

const FREE_TIMES = [...PORTAL, 'next-free'];
/** How many empty pages are skipped. Each searches some days. */
const MAX_EMPTY_PAGES = 12;

/** Leaves out filters that are not set. */
function given(filters: TimeFilters): TimeFilters {
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value)) as TimeFilters;
}

/** The next free times, a page at a time. Pages without times are skipped, up to a limit. */
export const freeTimesQuery = (filters: TimeFilters) =>
  infiniteQueryOptions({
    queryKey: [...FREE_TIMES, given(filters)],
    queryFn: async ({ pageParam, signal }) => {
      let after = pageParam;
      for (let skipped = 0; ; skipped += 1) {
        const query = { ...given(filters), ...(after && { after }) };
        const page = await unwrap(portalNextFreeRetrieve({ query, signal }));
        if (page.results.length > 0 || !page.next || skipped >= MAX_EMPTY_PAGES) return page;
        after = page.next;
      }
    },
    initialPageParam: '',
    getNextPageParam: ({ next }) => next ?? undefined,
    staleTime: 10_000,
    refetchInterval: 60_000,
  });
