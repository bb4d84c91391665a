import { queryOptions } from '@tanstack/react-query';
import { clinicRetrieve } from '@/gen';
import { unwrap } from '@/shared/api/client';

export const clinicQuery = () =>
  queryOptions({
    queryKey: ['clinic'],
    queryFn: ({ signal }) => unwrap(clinicRetrieve({ signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });
