import { useMutation } from '@tanstack/react-query';
import { authPasswordChangeCreate } from '@/gen';
import { unwrap } from '@/shared/api/client';
import { startSession } from '@/shared/session/session';

export interface PasswordChange {
  current_password: string;
  new_password: string;
}

/** Every session ends with the old password; this one goes on with the tokens of the answer. */
export function useChangePassword() {
  return useMutation({
    mutationFn: (body: PasswordChange) => unwrap(authPasswordChangeCreate({ body })),
    onSuccess: ({ access, user }) => startSession(access, user.id),
  });
}
