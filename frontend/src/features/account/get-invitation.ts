import { useQuery } from '@tanstack/react-query';
import { authInvitationsShowCreate } from '@/gen';
import { unwrap } from '@/shared/api/client';

/** Whose the link is. Its token goes in the body: addresses are written into logs. */
export function useInvitation(token: string) {
  return useQuery({
    queryKey: ['invitation', token],
    queryFn: ({ signal }) => unwrap(authInvitationsShowCreate({ body: { token }, signal })),
    enabled: token !== '',
    staleTime: Number.POSITIVE_INFINITY,
  });
}
