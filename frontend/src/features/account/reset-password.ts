import { useMutation } from '@tanstack/react-query';
import { authPasswordResetConfirmCreate } from '@/gen/patient.gen';
import { unwrap } from '@/shared/api/client';
import { endSession } from '@/shared/session/session';

export interface PasswordReset {
  token: string;
  password: string;
}

/** Resets the password. The server ends all sessions of the account, including this one. */
export function useResetPassword() {
  return useMutation({
    mutationFn: (body: PasswordReset) => unwrap(authPasswordResetConfirmCreate({ body })),
    onSuccess: endSession,
  });
}
