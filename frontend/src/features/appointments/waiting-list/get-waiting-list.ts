import { queryOptions } from '@tanstack/react-query';
import { appointmentsWaitlistList } from '@/gen';
import { unwrap } from '@/shared/api/client';
import { MINE } from '@/shared/session/get-user';

/** Above the server's limit of entries per user, so that one page holds all. */
const PAGE_SIZE = 100;

/** The waiting list entries of the user and their dependants. Polled, because offers expire soon. */
export const waitingListQuery = () =>
  queryOptions({
    queryKey: [MINE, 'waiting'],
    queryFn: async ({ signal }) =>
      (await unwrap(appointmentsWaitlistList({ query: { page_size: PAGE_SIZE }, signal }))).results,
    refetchInterval: 60_000,
    refetchOnWindowFocus: 'always',
  });
