import { queryOptions, useQuery } from '@tanstack/react-query';
import { authSecondFactorRetrieve } from '@/gen';
import { unwrap } from '@/shared/api/client';
import { MINE } from '@/shared/session/get-user';

export const secondStepQuery = () =>
  queryOptions({
    queryKey: [MINE, 'second-step'],
    queryFn: ({ signal }) => unwrap(authSecondFactorRetrieve({ signal })),
  });

export function useSecondStep() {
  return useQuery(secondStepQuery());
}
