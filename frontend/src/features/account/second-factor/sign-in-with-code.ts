import { useMutation, useQueryClient } from '@tanstack/react-query';
import { authLoginSecondFactorCreate } from '@/gen';
import { unwrap } from '@/shared/api/client';
import { startUserSession } from '@/shared/session/start-user-session';

export interface Answer {
  challenge: string;
  code: string;
}

export function useSendCode() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Answer) => unwrap(authLoginSecondFactorCreate({ body })),
    onSuccess: (session) => startUserSession(queries, session),
  });
}
