import { useMutation, useQueryClient } from '@tanstack/react-query';
import { authEmailVerifyCreate, authEmailVerifyRequestCreate } from '@/gen';
import { unwrap } from '@/shared/api/client';
import { userQuery } from '@/shared/session/get-user';

export function useVerifyEmail() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: { token: string }) => unwrap(authEmailVerifyCreate({ body })),
    onSuccess: () => queries.invalidateQueries(userQuery()),
  });
}

export function useRequestVerification() {
  return useMutation({ mutationFn: () => unwrap(authEmailVerifyRequestCreate()) });
}
