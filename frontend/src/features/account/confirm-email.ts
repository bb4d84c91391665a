import { useMutation } from '@tanstack/react-query';
import { authEmailChangeConfirmCreate } from '@/gen';
import { unwrap } from '@/shared/api/client';
import { endSession } from '@/shared/session/session';

/** Changes the email address to that of the link. The server ends all sessions, on this device too. */
export function useConfirmEmail() {
  return useMutation({
    mutationFn: (body: { token: string }) => unwrap(authEmailChangeConfirmCreate({ body })),
    onSuccess: () => endSession(),
  });
}
