import { queryOptions } from '@tanstack/react-query';
import type { HomePage } from '@/gen';
import { clinicHomeRetrieve } from '@/gen/visitor-pages.gen';
import { unwrap } from '@/shared/api/client';

/** The data of the page that the server has sent, if that was the home page. */
function sentWithPage(): HomePage | undefined {
  return JSON.parse(document.getElementById('boot')?.textContent ?? '{}').home;
}

/** The home page of this clinic. */
export const homePageQuery = () =>
  queryOptions({
    queryKey: ['home'],
    queryFn: ({ signal }) => unwrap(clinicHomeRetrieve({ signal })),
    initialData: sentWithPage,
    staleTime: 300_000,
  });
