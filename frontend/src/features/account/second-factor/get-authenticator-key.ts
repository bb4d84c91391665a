import { useQuery } from '@tanstack/react-query';
import { authSecondFactorSetUpCreate } from '@/gen';
import { unwrap } from '@/shared/api/client';
import { MINE } from '@/shared/session/get-user';

/** The secret for a new app: the same until a code of it was sent, so asking twice changes nothing. */
export function useSetUp(challenge?: string) {
  return useQuery({
    queryKey: [MINE, 'second-step', 'set-up', challenge],
    queryFn: ({ signal }) => unwrap(authSecondFactorSetUpCreate({ body: { challenge }, signal })),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  });
}
