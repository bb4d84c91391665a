import { queryOptions, useQuery } from '@tanstack/react-query';
import { portalChoicesRetrieve } from '@/gen/portal.gen';
import { unwrap } from '@/shared/api/client';
import { PORTAL } from './portal-data';

/** The visit types, doctors and places that staff choose from. */
const choicesQuery = () =>
  queryOptions({
    queryKey: [...PORTAL, 'choices'],
    queryFn: ({ signal }) => unwrap(portalChoicesRetrieve({ signal })),
    staleTime: 5 * 60_000,
  });

export const useChoices = () => useQuery(choicesQuery());
