import { useMutation } from '@tanstack/react-query';
import { authLogoutCreate } from '@/gen';
import { isApiError } from '@/shared/api/api-error';
import { unwrap } from '@/shared/api/client';
import { signOut } from '@/shared/session/session';

/**
 * Signs out. Only the server can clear the cookie: without its response the user is still signed in. Any
 * response ends the session in this browser.
 */
export function useSignOut() {
  return useMutation({
    mutationFn: () => unwrap(authLogoutCreate()),
    onSuccess: signOut,
    onError: (error) => {
      if (!isApiError(error) || !error.isRetryable) signOut();
    },
  });
}
