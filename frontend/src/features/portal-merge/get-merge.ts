import { queryOptions } from '@tanstack/react-query';
import { portalPatientsMergeRetrieve } from '@/gen/portal.gen';
import { unwrap } from '@/shared/api/client';
import { PORTAL } from '@/shared/staff/portal-data';

/** The merge into the record that can still be undone, if there is one. */
export const latestMergeQuery = (patient: string) =>
  queryOptions({
    queryKey: [...PORTAL, 'latest-merge', patient],
    queryFn: async ({ signal }) =>
      (await unwrap(portalPatientsMergeRetrieve({ path: { patient_id: patient }, signal }))).merge,
  });
