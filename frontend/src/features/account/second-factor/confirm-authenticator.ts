import { useMutation } from '@tanstack/react-query';
import { authSecondFactorSetUpConfirmCreate } from '@/gen/patient.gen';
import { unwrap } from '@/shared/api/client';
import { startSession } from '@/shared/session/session';

export interface FirstCode {
  challenge?: string;
  code: string;
}

/**
 * Turns on two-step sign-in. The server ends all sessions; this one continues with the tokens of the
 * response.
 */
export function useConfirmAuthenticator() {
  return useMutation({
    mutationFn: (body: FirstCode) => unwrap(authSecondFactorSetUpConfirmCreate({ body })),
    onSuccess: ({ access, user }) => startSession(access, user.id),
  });
}
