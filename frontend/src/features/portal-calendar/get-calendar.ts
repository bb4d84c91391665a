import { queryOptions } from '@tanstack/react-query';
import { portalCalendarRetrieve } from '@/gen/portal.gen';
import { fetchIfModified } from '@/shared/api/if-modified';
import { PORTAL } from '@/shared/staff/portal-data';
import type { Calendar } from './shared/types';

const POLL_MS = 5_000;

interface Versioned {
  calendar: Calendar;
  etag: string | null;
}

interface CalendarRequest {
  first: string;
  last: string;
  doctors: string[];
}

/**
 * The calendar of some doctors, refetched every 5 s while the page is visible. The server answers 304 while nothing
 * has changed, and the calendar stays the same object.
 */
export const calendarQuery = ({ first, last, doctors }: CalendarRequest) =>
  queryOptions({
    queryKey: [...PORTAL, 'calendar', first, last, doctors],
    queryFn: async ({ client, queryKey, signal }): Promise<Versioned> => {
      const before = client.getQueryData<Versioned>(queryKey);
      const query = { from: first, to: last, doctor: doctors };
      const changed = await fetchIfModified(before?.etag, (headers) =>
        portalCalendarRetrieve({ query, headers, signal, throwOnError: true }),
      );
      return changed ? { calendar: changed.data, etag: changed.etag } : (before as Versioned);
    },
    select: ({ calendar }) => calendar,
    structuralSharing: false,
    refetchInterval: POLL_MS,
    refetchOnWindowFocus: 'always',
  });
