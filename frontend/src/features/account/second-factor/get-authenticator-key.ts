import { useQuery } from '@tanstack/react-query';
import { authSecondFactorSetUpCreate } from '@/gen/patient.gen';
import { unwrap } from '@/shared/api/client';
import { MINE } from '@/shared/session/get-user';

/** Returns the secret key for the authenticator app. It stays the same until it is confirmed with a code. */
export function useAuthenticatorKey(challenge?: string) {
  return useQuery({
    queryKey: [MINE, 'second-factor', 'set-up', challenge],
    queryFn: ({ signal }) => unwrap(authSecondFactorSetUpCreate({ body: { challenge }, signal })),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  });
}
