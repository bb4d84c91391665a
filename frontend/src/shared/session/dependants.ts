import { queryOptions } from '@tanstack/react-query';
import { usersDependantsList, usersDependantsRetrieve } from '@/gen';
import { unwrap } from '@/shared/api/client';
import { MINE } from './get-user';

/** More than the server lets one person care for. */
const ALL = 100;

/** Those whom the person signed in cares for. */
export const dependantsQuery = () =>
  queryOptions({
    queryKey: [MINE, 'dependants', 'list'],
    queryFn: async ({ signal }) =>
      (await unwrap(usersDependantsList({ query: { page_size: ALL }, signal }))).results,
    staleTime: 60_000,
  });

export const dependantQuery = (id: string) =>
  queryOptions({
    queryKey: [MINE, 'dependants', 'one', id],
    queryFn: ({ signal }) => unwrap(usersDependantsRetrieve({ path: { dependant_id: id }, signal })),
  });
