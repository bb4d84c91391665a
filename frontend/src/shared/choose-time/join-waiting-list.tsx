import { Trans } from '@lingui/react/macro';
import { Link } from 'react-router';
import { address } from '@/shared/ui/address';
import { VISIT_TYPE } from '@/shared/visit-types/use-visit-type';

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
