import { queryOptions, useQuery } from '@tanstack/react-query';
import { authProfileRetrieve } from '@/gen';
import { unwrap } from '@/shared/api/client';
import { useSignedIn } from './use-session';

/** The first part of the query key of the user's own data, which is removed on sign-out. */
export const MINE = 'mine';

export const userQuery = () =>
  queryOptions({
    queryKey: [MINE, 'user'],
    queryFn: ({ signal }) => unwrap(authProfileRetrieve({ signal })),
    staleTime: 60_000,
  });

export function useUser() {
  return useQuery({ ...userQuery(), enabled: useSignedIn() });
}
