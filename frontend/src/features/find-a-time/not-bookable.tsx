import { Trans } from '@lingui/react/macro';
import type { Doctor } from '@/shared/api/types';
import { CallTheClinic } from '@/shared/clinic/clinic-phone';

/** Why the doctor’s times cannot be booked, or not by everybody. */
export function NotBookable({ doctor, offered }: { doctor: Doctor; offered: boolean }) {
  return (
    <>
      {!doctor.accepting_new_patients && <NotAccepting doctor={doctor} />}
      {!offered && <NotOffered />}
    </>
  );
}

function NotAccepting({ doctor }: { doctor: Doctor }) {
  return (
    <div className="notice">
      <p>
        <Trans>{doctor.display_name} is not taking new patients at the moment.</Trans>
      </p>
      <CallTheClinic />
    </div>
  );
}

function NotOffered() {
  return (
    <div className="notice">
      <p>
        <Trans>You cannot book an appointment with this doctor online.</Trans>
      </p>
      <CallTheClinic />
    </div>
  );
}
