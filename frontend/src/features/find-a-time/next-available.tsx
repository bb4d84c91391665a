import { Trans } from '@lingui/react/macro';
import type { Doctor } from '@/shared/api/types';
import { shortMoment } from '@/shared/times/format';

/** When somebody could come to the doctor. */
export function NextTime({ doctor }: { doctor: Doctor }) {
  if (!doctor.accepting_new_patients) {
    return (
      <p className="next-time next-time-none">
        <Trans>Not taking new patients</Trans>
      </p>
    );
  }
  if (!doctor.next_available_local) {
    return (
      <p className="next-time next-time-none">
        <Trans>No times open at present</Trans>
      </p>
    );
  }
  return (
    <p className="next-time">
      <Trans>
        Next: <strong>{shortMoment(doctor.next_available_local)}</strong>
      </Trans>
    </p>
  );
}
