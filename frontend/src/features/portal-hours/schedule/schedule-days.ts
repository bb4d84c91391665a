import { queryOptions } from '@tanstack/react-query';
import { portalHoursDaysRetrieve } from '@/gen/portal.gen';
import { unwrap } from '@/shared/api/client';
import { PORTAL } from '@/shared/staff/portal-data';

interface Range {
  doctor?: string;
  from?: string;
  to?: string;
}

/** The days of a doctor's schedule, and the clinic's places. By default six weeks from today. */
export const scheduleDaysQuery = (range: Range) =>
  queryOptions({
    queryKey: [...PORTAL, 'schedule-days', range],
    queryFn: ({ signal }) => unwrap(portalHoursDaysRetrieve({ query: range, signal })),
  });
