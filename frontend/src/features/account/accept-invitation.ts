import { useMutation, useQueryClient } from '@tanstack/react-query';
import { authInvitationsAcceptCreate } from '@/gen/patient.gen';
import { unwrap } from '@/shared/api/client';
import { startUserSession } from '@/shared/session/start-user-session';

export interface Acceptance {
  token: string;
  password: string;
}

export function useAcceptInvitation() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Acceptance) => unwrap(authInvitationsAcceptCreate({ body })),
    onSuccess: (session) => startUserSession(queries, session),
  });
}
