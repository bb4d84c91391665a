import { queryOptions } from '@tanstack/react-query';
import { usersDependantsList, usersDependantsRetrieve } from '@/gen';
import { unwrap } from '@/shared/api/client';
import { MINE } from './get-user';

/** Above the server's limit of dependants per user, so that one page holds all. */
const PAGE_SIZE = 100;

/** The user's dependants. */
export const dependantsQuery = () =>
  queryOptions({
    queryKey: [MINE, 'dependants', 'list'],
    queryFn: async ({ signal }) =>
      (await unwrap(usersDependantsList({ query: { page_size: PAGE_SIZE }, signal }))).results,
    staleTime: 60_000,
  });

export const dependantQuery = (id: string) =>
  queryOptions({
    queryKey: [MINE, 'dependants', 'one', id],
    queryFn: ({ signal }) => unwrap(usersDependantsRetrieve({ path: { dependant_id: id }, signal })),
  });
