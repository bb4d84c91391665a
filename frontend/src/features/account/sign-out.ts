import { useMutation } from '@tanstack/react-query';
import { authLogoutCreate } from '@/gen';
import { isApiError } from '@/shared/api/api-error';
import { unwrap } from '@/shared/api/client';
import { endSession } from '@/shared/session/session';

/**
 * The cookie is the browser's and the server takes it away: where no answer comes the person is not signed out,
 * and must hear of it. Any answer is the end of the session here.
 */
export function useSignOut() {
  return useMutation({
    mutationFn: () => unwrap(authLogoutCreate()),
    onSuccess: endSession,
    onError: (error) => {
      if (!isApiError(error) || !error.unanswered) endSession();
    },
  });
}
