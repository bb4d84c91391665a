import { Trans } from '@lingui/react/macro';
import type { Doctor } from '@/shared/api/types';
import { shortDateTime } from '@/shared/times/format';

/** The doctor's next available time. */
export function NextAvailable({ doctor }: { doctor: Doctor }) {
  if (!doctor.accepting_new_patients) {
    return (
      <p className="next-available next-available-none">
        <Trans>Not taking new patients</Trans>
      </p>
    );
  }
  if (!doctor.next_available_local) {
    return (
      <p className="next-available next-available-none">
        <Trans>No available times</Trans>
      </p>
    );
  }
  return (
    <p className="next-available">
      <Trans>
        Next: <strong>{shortDateTime(doctor.next_available_local)}</strong>
      </Trans>
    </p>
  );
}
