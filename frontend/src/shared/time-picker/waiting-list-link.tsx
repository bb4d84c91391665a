import { Trans } from '@lingui/react/macro';
import type { ReactNode } from 'react';
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

interface WaitingListLinkProps {
  target: WaitingListTarget;
  /** Text before the link. */
  children?: ReactNode;
}

export function WaitingListLink({ target, children }: WaitingListLinkProps) {
  const { doctor, specialty, visitType, from } = target;
  if (!doctor && !specialty) return null;
  return (
    <p>
      {children}{' '}
      <Link to={withQuery('/waiting-list', { doctor, specialty, [VISIT_TYPE]: visitType, from })}>
        <Trans>Join the waiting list</Trans>
      </Link>
    </p>
  );
}
