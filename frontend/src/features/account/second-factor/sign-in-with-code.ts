import { useMutation, useQueryClient } from '@tanstack/react-query';
import { authLoginSecondFactorCreate } from '@/gen';
import { unwrap } from '@/shared/api/client';
import { startUserSession } from '@/shared/session/start-user-session';

export interface CodeSignIn {
  challenge: string;
  code: string;
}

export function useSignInWithCode() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: CodeSignIn) => unwrap(authLoginSecondFactorCreate({ body })),
    onSuccess: (session) => startUserSession(queries, session),
  });
}
