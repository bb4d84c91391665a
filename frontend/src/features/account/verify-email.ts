import { useMutation, useQueryClient } from '@tanstack/react-query';
import { authEmailVerifyCreate, authEmailVerifyRequestCreate } from '@/gen';
import { unwrap } from '@/shared/api/client';
import { userQuery } from '@/shared/session/get-user';
import { startSession } from '@/shared/session/session';
import type { LinkConfirmation } from './confirm-link-form';

export function useVerifyEmail() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: LinkConfirmation) => unwrap(authEmailVerifyCreate({ body })),
    onSuccess: (session) => {
      // Confirming ends all sessions of the account. If one of them is in this browser, the response continues it.
      if (session) startSession(session.access, session.user.id);
      return queries.invalidateQueries(userQuery());
    },
  });
}

export function useRequestVerification() {
  return useMutation({ mutationFn: () => unwrap(authEmailVerifyRequestCreate()) });
}
