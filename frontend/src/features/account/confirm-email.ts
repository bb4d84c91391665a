import { useMutation } from '@tanstack/react-query';
import { authEmailChangeConfirmCreate } from '@/gen/patient.gen';
import { unwrap } from '@/shared/api/client';
import { endSession } from '@/shared/session/session';
import type { LinkConfirmation } from './confirm-link-form';

/** Changes the email address to that of the link. The server ends all sessions, on this device too. */
export function useConfirmEmail() {
  return useMutation({
    mutationFn: (body: LinkConfirmation) => unwrap(authEmailChangeConfirmCreate({ body })),
    onSuccess: () => endSession(),
  });
}
