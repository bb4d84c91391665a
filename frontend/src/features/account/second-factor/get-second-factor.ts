import { queryOptions, useQuery } from '@tanstack/react-query';
import { authSecondFactorRetrieve } from '@/gen/patient.gen';
import { unwrap } from '@/shared/api/client';
import { MINE } from '@/shared/session/get-user';

export const secondFactorQuery = () =>
  queryOptions({
    queryKey: [MINE, 'second-factor'],
    queryFn: ({ signal }) => unwrap(authSecondFactorRetrieve({ signal })),
  });

export function useSecondFactor() {
  return useQuery(secondFactorQuery());
}
