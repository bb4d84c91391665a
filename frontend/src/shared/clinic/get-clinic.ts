import { queryOptions } from '@tanstack/react-query';
import { clinicRetrieve } from '@/gen';
import { unwrap } from '@/shared/api/client';
import type { Clinic } from '@/shared/api/types';

export const clinicQuery = () =>
  queryOptions({
    queryKey: ['clinic'],
    queryFn: async ({ signal }) => (await unwrap(clinicRetrieve({ signal }))) as unknown as Clinic,
    staleTime: Number.POSITIVE_INFINITY,
  });
