import { Trans } from '@lingui/react/macro';
import { Link } from 'react-router';
import { VISIT_TYPE } from '@/shared/paths/booking-paths';
import { address } from '@/shared/paths/with-query';

export interface Wanted {
  doctor?: string;
  /** Its code: of any doctor who practises it. */
  specialty?: string | undefined;
  visitType: string | undefined;
  /** The first day. */
  from?: string;
}

/** The way on where there is no time that suits. */
export function JoinWaitingList({ wanted: { doctor, specialty, visitType, from } }: { wanted: Wanted }) {
  if (!doctor && !specialty) return null;
  return (
    <p>
      <Trans>None of these times suit?</Trans>{' '}
      <Link to={address('/waiting-list', { doctor, specialty, [VISIT_TYPE]: visitType, from })}>
        <Trans>Join the waiting list</Trans>
      </Link>
    </p>
  );
}
