import { queryOptions } from '@tanstack/react-query';
import { clinicHomeRetrieve } from '@/gen/visitor-pages.gen';
import { unwrap } from '@/shared/api/client';

/** The home page of this clinic. The server's page contains it under the same key. */
export const homePageQuery = () =>
  queryOptions({
    queryKey: ['home'],
    queryFn: ({ signal }) => unwrap(clinicHomeRetrieve({ signal })),
    staleTime: 300_000,
  });
