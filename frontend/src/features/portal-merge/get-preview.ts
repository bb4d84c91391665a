import { queryOptions } from '@tanstack/react-query';
import { portalPatientsMergePreviewCreate } from '@/gen/portal.gen';
import { unwrap } from '@/shared/api/client';
import { PORTAL } from '@/shared/staff/portal-data';

/**
 * Both records, and what a merge of `other` into `patient` would do. It is read each time the
 * page opens, but not again while it is open: after the merge, the server refuses to compare the records.
 */
export const mergePreviewQuery = (patient: string, other: string) =>
  queryOptions({
    queryKey: [...PORTAL, 'merge', patient, other],
    queryFn: ({ signal }) =>
      unwrap(portalPatientsMergePreviewCreate({ path: { patient_id: patient }, body: { other }, signal })),
    staleTime: 'static',
    gcTime: 0,
  });
