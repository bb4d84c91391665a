import { Trans } from '@lingui/react/macro';
import type { Booking } from '@/shared/api/types';
import { useUser } from '@/shared/session/get-user';

/** The patient's name, if the appointment is not the user's own. */
export function PatientName({ patient }: Pick<Booking, 'patient'>) {
  const { data: user } = useUser();
  if (!user?.profile || user.profile.id === patient.id) return null;
  return (
    <span className="d-block">
      <Trans>for {patient.name}</Trans>
    </span>
  );
}
