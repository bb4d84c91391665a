import { useMutation, useQueryClient } from '@tanstack/react-query';
import { authSecondFactorSwitchOffCreate } from '@/gen/patient.gen';
import { unwrap } from '@/shared/api/client';
import { secondFactorQuery } from './get-second-factor';
import type { Credentials } from './renew-recovery-codes';

export function useTurnOffSecondFactor() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Credentials) => unwrap(authSecondFactorSwitchOffCreate({ body })),
    onSuccess: () => queries.invalidateQueries(secondFactorQuery()),
  });
}
