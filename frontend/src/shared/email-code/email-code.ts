import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { EmailCodeSignInInputRequest } from '@/gen';
import { authEmailCodeCreate, authEmailCodeSignInCreate } from '@/gen/patient.gen';
import { isApiError } from '@/shared/api/api-error';
import { unwrap } from '@/shared/api/client';
import { startUserSession } from '@/shared/session/start-user-session';

/** Has a code emailed. The server binds it to this browser with a cookie. */
export function useRequestCode() {
  return useMutation({
    mutationFn: (email: string) => unwrap(authEmailCodeCreate({ body: { email } })),
  });
}

/** Signs in with the code. Without an account, the names in `body` register a new patient. */
export function useSignInWithEmailCode() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: EmailCodeSignInInputRequest) => unwrap(authEmailCodeSignInCreate({ body })),
    onSuccess: (session) => startUserSession(queries, session),
  });
}

/** Whether the code is correct and no account has the address, so that the names are needed. */
export const needsDetails = (error: unknown) => isApiError(error, 'details_required');
