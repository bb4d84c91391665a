import { useQuery } from '@tanstack/react-query';
import { authInvitationsShowCreate } from '@/gen/patient.gen';
import { unwrap } from '@/shared/api/client';

/** Returns the invitation of a token. The token is sent in the body, because URLs are logged. */
export function useInvitation(token: string) {
  return useQuery({
    queryKey: ['invitation', token],
    queryFn: ({ signal }) => unwrap(authInvitationsShowCreate({ body: { token }, signal })),
    enabled: token !== '',
    staleTime: Number.POSITIVE_INFINITY,
  });
}
