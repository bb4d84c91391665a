import { useMutation } from '@tanstack/react-query';
import { authLogoutCreate } from '@/gen';
import { unwrap } from '@/shared/api/client';
import { endSession, refreshToken } from '@/shared/session/session';

/** Leaves on this device whatever the server answers; it is told so that the token is dead at once. */
export function useSignOut() {
  return useMutation({
    mutationFn: () => unwrap(authLogoutCreate({ body: { refresh: refreshToken() ?? '' } })),
    onSettled: endSession,
  });
}
