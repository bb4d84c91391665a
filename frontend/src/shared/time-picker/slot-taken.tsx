import { Trans, useLingui } from '@lingui/react/macro';
import { Link } from 'react-router';
import type { ApiError } from '@/shared/api/api-error';
import type { Slot } from '@/shared/api/types';
import { CallTheClinic } from '@/shared/clinic/clinic-phone';
import { shortMoment } from '@/shared/times/format';
import { PageHeading } from '@/shared/ui/page-heading';
import { JoinWaitingList, type Wanted } from './waiting-list-link';

interface TakenProps {
  alternatives: Slot[];
  /** Where one tap on another time goes on to. */
  to: (slot: Slot) => string;
  allTimes: string;
  /** For what somebody can wait where nothing is near. */
  wanted?: Wanted;
}

/** What the server offers instead of a time that it refused. */
export function alternativesOf({ data }: ApiError): Slot[] {
  return (data as { alternatives?: Slot[] } | null)?.alternatives ?? [];
}

/** The time went to somebody else: the nearest ones, each one tap away, with nothing typed lost. */
export function Taken({ alternatives, to, allTimes, wanted }: TakenProps) {
  const { t } = useLingui();
  return (
    <div className="narrow">
      <PageHeading title={t`That time has just been taken`} />
      {alternatives.length > 0 ? (
        <p>
          <Trans>These are the nearest open times. What you typed is kept.</Trans>
        </p>
      ) : (
        <p>
          <Trans>There is no other time near it.</Trans>
        </p>
      )}
      <ul className="list-unstyled d-grid gap-2 mb-4">
        {alternatives.map((slot) => (
          <li key={slot.id}>
            <Link className="alternative" to={to(slot)} replace>
              <strong>{shortMoment(slot)}</strong>
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
          <Trans>See all times</Trans>
        </Link>
      </p>
      {wanted && alternatives.length === 0 && <JoinWaitingList wanted={wanted} />}
      <CallTheClinic />
    </div>
  );
}
