import { useMutation, useQueryClient } from '@tanstack/react-query';
import { authSecondFactorRecoveryCodesCreate } from '@/gen/patient.gen';
import { unwrap } from '@/shared/api/client';
import { secondFactorQuery } from './get-second-factor';

/** Proof of identity for sensitive changes. */
export interface Credentials {
  password: string;
  code: string;
}

export function useRenewRecoveryCodes() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Credentials) => unwrap(authSecondFactorRecoveryCodesCreate({ body })),
    onSuccess: () => queries.invalidateQueries(secondFactorQuery()),
  });
}
