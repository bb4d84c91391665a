import { Trans, useLingui } from '@lingui/react/macro';
import { Link } from 'react-router';
import type { MovableVisit } from '@/gen';
import { StatusBadge } from '@/shared/staff/booking-status';
import { AppointmentTime } from '@/shared/times/appointment-time';
import { useFocusOn } from '@/shared/ui/use-focus-on';

interface ConflictProps {
  /** As it is now. */
  visit: MovableVisit;
  /** As it was when the user began. */
  before: MovableVisit;
  /** Who has changed it, as the server says. */
  change?: Record<string, unknown> | undefined;
  /** Goes back to the form, with what was entered. */
  goOn: () => void;
}

/** Somebody else has changed the visit meanwhile: shows how it is now. What was entered is kept. */
export function Conflict({ visit, before, change, goOn }: ConflictProps) {
  const { t } = useLingui();
  const heading = useFocusOn<HTMLHeadingElement>(visit.version);
  const by = change?.by_patient ? t`The patient` : String(change?.by || t`Somebody else`);
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
        <Trans>Nothing that you have entered is lost.</Trans>
      </p>
      <div className="actions">
        <button type="button" className="btn btn-primary" onClick={goOn}>
          <Trans>Move it from there</Trans>
        </button>
        <Link className="btn btn-outline-primary" to={`/portal/bookings/${visit.id}`}>
          <Trans>Leave it as it is now</Trans>
        </Link>
      </div>
    </section>
  );
}
