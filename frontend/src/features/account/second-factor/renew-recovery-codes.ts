import { useMutation, useQueryClient } from '@tanstack/react-query';
import { authSecondFactorRecoveryCodesCreate } from '@/gen';
import { unwrap } from '@/shared/api/client';
import { secondStepQuery } from './get-second-factor';

/** That it is really them. */
export interface Proof {
  password: string;
  code: string;
}

export function useRenewRecoveryCodes() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Proof) => unwrap(authSecondFactorRecoveryCodesCreate({ body })),
    onSuccess: () => queries.invalidateQueries(secondStepQuery()),
  });
}
