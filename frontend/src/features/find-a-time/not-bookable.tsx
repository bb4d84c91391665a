import { Trans } from '@lingui/react/macro';
import type { Doctor } from '@/shared/api/types';
import { CallTheClinic } from '@/shared/clinic/clinic-phone';

export function NotAccepting({ doctor }: { doctor: Doctor }) {
  return (
    <div className="notice">
      <p>
        <Trans>{doctor.display_name} is not taking new patients at the moment.</Trans>
      </p>
      <CallTheClinic />
    </div>
  );
}

export function NotOffered() {
  return (
    <div className="notice">
      <p>
        <Trans>You cannot book an appointment with this doctor online.</Trans>
      </p>
      <CallTheClinic />
    </div>
  );
}
