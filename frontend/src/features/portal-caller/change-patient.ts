import { useMutation } from '@tanstack/react-query';
import { portalPatientsPartialUpdate, usersPatientsRetrieve } from '@/gen/portal.gen';
import { unwrap } from '@/shared/api/client';
import { useRefreshPortal } from '@/shared/staff/portal-data';

/** A patient's record. The read is in the audit log. */
export const readPatient = (id: string) => unwrap(usersPatientsRetrieve({ path: { patient_id: id } }));

/** Changes the telephone number of a patient. */
export function useSavePhone(patient: string) {
  const refresh = useRefreshPortal();
  return useMutation({
    mutationFn: (phone: string) =>
      unwrap(portalPatientsPartialUpdate({ path: { patient_id: patient }, body: { phone } })),
    onSuccess: refresh,
  });
}
