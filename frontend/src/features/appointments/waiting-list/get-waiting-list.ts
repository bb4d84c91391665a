import { queryOptions } from '@tanstack/react-query';
import { appointmentsWaitlistList } from '@/gen';
import { unwrap } from '@/shared/api/client';
import { MINE } from '@/shared/session/get-user';

/** More than the server lets one person wait for. */
const ALL = 100;

/** What the person signed in, and those they care for, wait for; an offer does not wait long for its answer. */
export const waitingQuery = () =>
  queryOptions({
    queryKey: [MINE, 'waiting'],
    queryFn: async ({ signal }) =>
      (await unwrap(appointmentsWaitlistList({ query: { page_size: ALL }, signal }))).results,
    refetchInterval: 60_000,
    refetchOnWindowFocus: 'always',
  });
