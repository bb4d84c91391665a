import { Trans } from '@lingui/react/macro';
import type { Booking } from '@/shared/api/types';
import { useUser } from '@/shared/session/get-user';

/** Whose appointment it is, where it is not one's own. */
export function ForWhom({ patient }: Pick<Booking, 'patient'>) {
  const { data: user } = useUser();
  if (!user?.profile || user.profile.id === patient.id) return null;
  return (
    <span className="d-block">
      <Trans>for {patient.name}</Trans>
    </span>
  );
}
