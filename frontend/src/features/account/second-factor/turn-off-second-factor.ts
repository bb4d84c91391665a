import { useMutation, useQueryClient } from '@tanstack/react-query';
import { authSecondFactorSwitchOffCreate } from '@/gen';
import { unwrap } from '@/shared/api/client';
import { secondStepQuery } from './get-second-factor';
import type { Proof } from './renew-recovery-codes';

export function useSwitchOff() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Proof) => unwrap(authSecondFactorSwitchOffCreate({ body })),
    onSuccess: () => queries.invalidateQueries(secondStepQuery()),
  });
}
