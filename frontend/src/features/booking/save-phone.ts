import { useMutation, useQueryClient } from '@tanstack/react-query';
import { authProfilePartialUpdate } from '@/gen';
import { unwrap } from '@/shared/api/client';
import { userQuery } from '@/shared/session/get-user';

/** Saves the user's phone number, which a visit by phone needs. */
export function useSavePhone() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (phone: string) => unwrap(authProfilePartialUpdate({ body: { phone } })),
    onSuccess: (user) => queries.setQueryData(userQuery().queryKey, user),
  });
}
