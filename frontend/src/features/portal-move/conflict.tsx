import { Trans, useLingui } from '@lingui/react/macro';
import { Link } from 'react-router';
import type { MovableVisit } from '@/gen';
import { StatusBadge } from '@/shared/staff/booking-status';
import { AppointmentTime } from '@/shared/times/appointment-time';
import { useFocusOn } from '@/shared/ui/use-focus-on';

interface ConflictProps {
  /** The visit as it is now. */
  visit: MovableVisit;
  /** The visit as it was when the user opened the form. */
  before: MovableVisit;
  /** Who has changed it, from the server's error. */
  change?: Record<string, unknown> | undefined;
  /** Returns to the form with the user's values. */
  resume: () => void;
}

/** Shows how another user has changed the visit while this user was filling in the form. */
export function Conflict({ visit, before, change, resume }: ConflictProps) {
  const { t } = useLingui();
  const heading = useFocusOn<HTMLHeadingElement>(visit.version);
  const by = change?.by_patient ? t`The patient` : String(change?.by || t`Someone else`);
  return (
    <section className="portal-card move-conflict" aria-labelledby="conflict">
      <h2 id="conflict" ref={heading} tabIndex={-1}>
        <Trans>{by} has changed this appointment</Trans>
      </h2>
      <dl className="move-compare">
        <div>
          <dt>
            <Trans>Before</Trans>
          </dt>
          <dd>
            <AppointmentTime time={before} />
            {before.doctor.display_name}
          </dd>
        </div>
        <div>
          <dt>
            <Trans>Now</Trans>
          </dt>
          <dd>
            <AppointmentTime time={visit} />
            {visit.doctor.display_name} <StatusBadge booking={visit} />
          </dd>
        </div>
      </dl>
      <p>
        <Trans>Your changes are still in the form.</Trans>
      </p>
      <div className="actions">
        <button type="button" className="btn btn-primary" onClick={resume}>
          <Trans>Continue with my changes</Trans>
        </button>
        <Link className="btn btn-outline-primary" to={`/portal/bookings/${visit.id}`}>
          <Trans>Discard my changes</Trans>
        </Link>
      </div>
    </section>
  );
}
