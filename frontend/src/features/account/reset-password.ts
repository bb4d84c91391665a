import { useMutation } from '@tanstack/react-query';
import { authPasswordResetConfirmCreate } from '@/gen';
import { unwrap } from '@/shared/api/client';
import { endSession } from '@/shared/session/session';

export interface PasswordReset {
  token: string;
  password: string;
}

/** Every session of the account ends, the one on this device too. */
export function useResetPassword() {
  return useMutation({
    mutationFn: (body: PasswordReset) => unwrap(authPasswordResetConfirmCreate({ body })),
    onSuccess: endSession,
  });
}
