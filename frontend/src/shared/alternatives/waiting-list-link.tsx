import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { VISIT_TYPE } from '@/shared/paths/booking-paths';
import { withQuery } from '@/shared/paths/with-query';
import { waitingPossibleQuery } from './waiting-possible';

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

/** Link to the waiting list, if waiting can succeed. */
export function WaitingListLink({ target, children }: WaitingListLinkProps) {
  const { doctor, specialty, visitType, from } = target;
  const possible = useQuery({
    ...waitingPossibleQuery({ doctor, specialty, visit_type: visitType }),
    enabled: Boolean(doctor || specialty),
  });
  // The app replaces the server's page once nothing is loading.
  if (possible.isLoading) return <span className="loading" hidden />;
  if (!possible.data) return null;
  return (
    <p>
      {children}{' '}
      <Link to={withQuery('/waiting-list', { doctor, specialty, [VISIT_TYPE]: visitType, from })}>
        <Trans>Join the waiting list</Trans>
      </Link>
    </p>
  );
}
