import { Trans } from '@lingui/react/macro';
import { Link } from 'react-router';
import { VISIT_TYPE } from '@/shared/paths/booking-paths';
import { withQuery } from '@/shared/paths/with-query';

export interface WaitingListTarget {
  doctor?: string;
  /** The code of a specialty, for any of its doctors. */
  specialty?: string | undefined;
  visitType: string | undefined;
  /** The first possible day. */
  from?: string;
}

/** Shown below the times. */
export function WaitingListLink({
  target: { doctor, specialty, visitType, from },
}: {
  target: WaitingListTarget;
}) {
  if (!doctor && !specialty) return null;
  return (
    <p>
      <Trans>None of these times suit?</Trans>{' '}
      <Link to={withQuery('/waiting-list', { doctor, specialty, [VISIT_TYPE]: visitType, from })}>
        <Trans>Join the waiting list</Trans>
      </Link>
    </p>
  );
}
