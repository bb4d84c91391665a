import { queryOptions, useQuery } from '@tanstack/react-query';
import { authProfileRetrieve } from '@/gen';
import { unwrap } from '@/shared/api/client';
import { useSignedIn } from './use-session';

/** Queries below `mine` belong to the person signed in and are forgotten when they leave. */
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
