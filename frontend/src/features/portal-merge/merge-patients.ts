import { useMutation } from '@tanstack/react-query';
import { portalPatientsMergeCreate } from '@/gen/portal.gen';
import type { MergeInputRequest } from '@/gen/types.gen';
import { unwrap } from '@/shared/api/client';
import { useRefreshPortal } from '@/shared/staff/portal-data';

/** Merges another record into the patient's. */
export function useMergePatients(patient: string) {
  const refresh = useRefreshPortal();
  return useMutation({
    mutationFn: (body: MergeInputRequest) =>
      unwrap(portalPatientsMergeCreate({ path: { patient_id: patient }, body })),
    onSuccess: () => refresh(),
  });
}
