import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { portalWhyNotRetrieve } from '@/gen/portal.gen';
import { unwrap } from '@/shared/api/client';
import { PORTAL } from '@/shared/staff/portal-data';

export interface TimeQuestion {
  doctor: string;
  /** In the clinic's time zone, as `2026-11-24T09:30`. */
  starts_at: string;
  minutes: number;
  moving: string;
}

/** Whether a visit can be moved to a time, and what prevents it. */
export const checkTimeQuery = (query: TimeQuestion) =>
  queryOptions({
    queryKey: [...PORTAL, 'why-not', query],
    queryFn: ({ signal }) => unwrap(portalWhyNotRetrieve({ query, signal })),
    placeholderData: keepPreviousData,
    staleTime: 10_000,
    retry: false,
  });
