import { Trans, useLingui } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { ApiError } from '@/shared/api/api-error';
import type { Slot } from '@/shared/api/types';
import { CallTheClinic } from '@/shared/clinic/clinic-phone';
import { shortDateTime } from '@/shared/times/format';
import { PageHeading } from '@/shared/ui/page-heading';
import { WaitingListLink, type WaitingListTarget } from './waiting-list-link';

interface SlotTakenProps {
  alternatives: Slot[];
  /** The page that continues with another slot. */
  to: (slot: Slot) => string;
  allTimes: string;
  /** For the link to the waiting list, shown if there are no alternatives. */
  waitingListTarget?: WaitingListTarget;
  /** Why the time is not available, if it is not because somebody else has booked it. */
  message?: string;
  /** Text after the introduction to the alternatives. */
  children?: ReactNode;
}

/** The alternatives in an error that refuses a time, such as `slot_taken`. */
export function alternativesOf({ data }: ApiError): Slot[] {
  return (data as { alternatives?: Slot[] } | null)?.alternatives ?? [];
}

/** Shown when somebody else has booked the slot. Lists the nearest open times. */
export function SlotTaken({
  alternatives,
  to,
  allTimes,
  waitingListTarget,
  message,
  children,
}: SlotTakenProps) {
  const { t } = useLingui();
  return (
    <div className="narrow">
      <PageHeading title={t`This time is no longer available`} />
      {message && <p>{message}</p>}
      {alternatives.length > 0 ? (
        <p>
          <Trans>These are the nearest available times.</Trans> {children}
        </p>
      ) : (
        <p>
          <Trans>There are no available times close to this one.</Trans>
        </p>
      )}
      <ul className="list-unstyled d-grid gap-2 mb-4">
        {alternatives.map((slot) => (
          <li key={slot.id}>
            <Link className="alternative" to={to(slot)} replace>
              <strong>{shortDateTime(slot)}</strong>
              <span className="text-body-secondary">
                {slot.doctor_name && `${slot.doctor_name}, `}
                {slot.tz_label}
              </span>
            </Link>
          </li>
        ))}
      </ul>
      <p>
        <Link to={allTimes}>
          <Trans>View all times</Trans>
        </Link>
      </p>
      {waitingListTarget && alternatives.length === 0 && <WaitingListLink target={waitingListTarget} />}
      <CallTheClinic />
    </div>
  );
}
