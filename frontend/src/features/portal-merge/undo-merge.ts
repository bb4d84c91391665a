import { useMutation } from '@tanstack/react-query';
import { portalPatientsMergeUndoCreate } from '@/gen/portal.gen';
import { unwrap } from '@/shared/api/client';
import { useRefreshPortal } from '@/shared/staff/portal-data';

/** Undoes the latest merge into the patient's record. */
export function useUndoMerge(patient: string) {
  const refresh = useRefreshPortal();
  return useMutation({
    mutationFn: () => unwrap(portalPatientsMergeUndoCreate({ path: { patient_id: patient } })),
    onSettled: () => refresh(),
  });
}
