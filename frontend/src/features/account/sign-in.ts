import { useMutation, useQueryClient } from '@tanstack/react-query';
import { authLoginCreate } from '@/gen';
import { unwrap } from '@/shared/api/client';
import { startUserSession } from '@/shared/session/start-user-session';

export interface SignIn {
  email: string;
  password: string;
}

export function useSignIn() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: SignIn) => unwrap(authLoginCreate({ body })),
    onSuccess: (session) => startUserSession(queries, session),
  });
}
