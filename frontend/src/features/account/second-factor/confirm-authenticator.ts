import { useMutation } from '@tanstack/react-query';
import { authSecondFactorSetUpConfirmCreate } from '@/gen';
import { unwrap } from '@/shared/api/client';
import { startSession } from '@/shared/session/session';

export interface FirstCode {
  challenge?: string;
  code: string;
}

/** Every session ends with it; this one goes on, or begins, with the tokens of the answer. */
export function useConfirmSetUp() {
  return useMutation({
    mutationFn: (body: FirstCode) => unwrap(authSecondFactorSetUpConfirmCreate({ body })),
    onSuccess: ({ access, user }) => startSession(access, user.id),
  });
}
