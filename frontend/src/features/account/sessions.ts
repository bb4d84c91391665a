import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { authSessionsDestroy, authSessionsEndAllCreate, authSessionsList } from '@/gen/patient.gen';
import { unwrap } from '@/shared/api/client';
import { MINE } from '@/shared/session/get-user';
import { signOut } from '@/shared/session/session';

export const sessionsQuery = (page: number) =>
  queryOptions({
    queryKey: [MINE, 'sessions', page],
    queryFn: ({ signal }) => unwrap(authSessionsList({ query: { page }, signal })),
    staleTime: 0,
  });

export function useEndSession() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => unwrap(authSessionsDestroy({ path: { session_id: id } })),
    onSettled: () => queries.invalidateQueries({ queryKey: [MINE, 'sessions'] }),
  });
}

/** Ends all sessions of the user, including this one. */
export function useEndAllSessions() {
  return useMutation({
    mutationFn: () => unwrap(authSessionsEndAllCreate()),
    onSuccess: signOut,
  });
}
