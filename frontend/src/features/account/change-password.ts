import { useMutation } from '@tanstack/react-query';
import { authPasswordChangeCreate } from '@/gen/patient.gen';
import { unwrap } from '@/shared/api/client';
import { startSession } from '@/shared/session/session';

export interface PasswordChange {
  current_password: string;
  new_password: string;
}

/** Changes the password. The server ends all sessions; this one continues with the tokens of the response. */
export function useChangePassword() {
  return useMutation({
    mutationFn: (body: PasswordChange) => unwrap(authPasswordChangeCreate({ body })),
    onSuccess: ({ access, user }) => startSession(access, user.id),
  });
}
