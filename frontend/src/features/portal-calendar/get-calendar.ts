import { type QueryClient, queryOptions, useQueryClient } from '@tanstack/react-query';
import { portalCalendarRetrieve } from '@/gen/portal.gen';
import { isApiError } from '@/shared/api/api-error';
import { unwrap } from '@/shared/api/client';
import { PORTAL } from '@/shared/staff/portal-data';
import type { Calendar } from './shared/types';

const POLL_MS = 5_000;

interface Versioned {
  calendar: Calendar;
  etag: string | null;
}

export interface CalendarRequest {
  first: string;
  last: string;
  doctors: string[];
}

/**
 * The calendar of some doctors. It is asked for again every 5 s while the page is visible. The server answers 304
 * while nothing has changed, and the calendar stays the same object.
 */
export function useCalendarQuery({ first, last, doctors }: CalendarRequest) {
  const queries = useQueryClient();
  const key = [...PORTAL, 'calendar', first, last, doctors];
  return queryOptions({
    queryKey: key,
    queryFn: ({ signal }) => readCalendar(queries, key, { first, last, doctors }, signal),
    select: ({ calendar }) => calendar,
    structuralSharing: false,
    refetchInterval: POLL_MS,
    refetchOnWindowFocus: 'always',
  });
}

async function readCalendar(
  queries: QueryClient,
  key: readonly unknown[],
  { first, last, doctors }: CalendarRequest,
  signal: AbortSignal,
): Promise<Versioned> {
  const before = queries.getQueryData<Versioned>(key);
  const headers = before?.etag ? { 'If-None-Match': before.etag } : {};
  try {
    const call = portalCalendarRetrieve({
      query: { from: first, to: last, doctor: doctors },
      headers,
      signal,
    });
    return { calendar: await unwrap(call), etag: (await call).response?.headers.get('ETag') ?? null };
  } catch (error) {
    if (before && isApiError(error) && error.status === 304) return before;
    throw error;
  }
}
