import { useMutation } from '@tanstack/react-query';
import { authEmailChangeCreate } from '@/gen';
import { unwrap } from '@/shared/api/client';

export interface EmailChange {
  email: string;
  password: string;
}

/** Asks for a new email address. The server emails a link to it; the old address stays until it is used. */
export function useChangeEmail() {
  return useMutation({ mutationFn: (body: EmailChange) => unwrap(authEmailChangeCreate({ body })) });
}
