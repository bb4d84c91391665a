import { useMutation } from '@tanstack/react-query';
import { usersMeCloseCreate } from '@/gen/patient.gen';
import { unwrap } from '@/shared/api/client';

export function useCloseAccount() {
  return useMutation({
    mutationFn: (body: { password: string }) => unwrap(usersMeCloseCreate({ body })),
  });
}
