import { useMutation, useQueryClient } from '@tanstack/react-query';
import { authPasswordChangeCreate } from '@/gen/patient.gen';
import { unwrap } from '@/shared/api/client';
import { userQuery } from '@/shared/session/get-user';
import { startSession } from '@/shared/session/session';

export interface PasswordChange {
  current_password?: string;
  /** From an email, for an account that has no password yet. */
  code?: string;
  new_password: string;
}

/** Changes the password. The server ends all sessions; this one continues with the tokens of the response. */
export function useChangePassword() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: PasswordChange) => unwrap(authPasswordChangeCreate({ body })),
    onSuccess: ({ access, user }) => {
      startSession(access, user.id);
      queries.invalidateQueries(userQuery());
    },
  });
}
