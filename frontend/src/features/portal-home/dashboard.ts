import { queryOptions } from '@tanstack/react-query';
import { portalDashboardRetrieve, portalFailedMessagesRetrieve } from '@/gen/portal.gen';
import { unwrap } from '@/shared/api/client';
import { PORTAL } from '@/shared/staff/portal-data';

const EVERY_MS = 30_000;

/** Requests, open times, and the time off and clock changes of the next month. */
export const dashboardQuery = () =>
  queryOptions({
    queryKey: [...PORTAL, 'dashboard'],
    queryFn: ({ signal }) => unwrap(portalDashboardRetrieve({ signal })),
    refetchInterval: EVERY_MS,
    refetchOnWindowFocus: 'always',
  });

/** Messages to patients that failed. */
export const failedMessagesQuery = () =>
  queryOptions({
    queryKey: [...PORTAL, 'failed-messages'],
    queryFn: ({ signal }) => unwrap(portalFailedMessagesRetrieve({ signal })),
    refetchInterval: 2 * EVERY_MS,
  });
