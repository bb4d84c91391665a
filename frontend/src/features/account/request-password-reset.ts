import { useMutation } from '@tanstack/react-query';
import { authPasswordResetCreate } from '@/gen/patient.gen';
import { unwrap } from '@/shared/api/client';

export function useRequestPasswordReset() {
  return useMutation({
    mutationFn: (body: { email: string }) => unwrap(authPasswordResetCreate({ body })),
  });
}
