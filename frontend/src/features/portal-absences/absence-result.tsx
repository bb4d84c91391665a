import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { Link } from 'react-router';
import type { Outcome } from '@/gen';
import { Icon, type IconName } from '@/shared/staff/icon';
import { longDate, startTime } from '@/shared/times/format';
import type { AbsencePreview } from './absences';
import { Reached } from './booking-row';

interface AbsenceResultProps {
  outcomes: Outcome[];
  preview: AbsencePreview;
  onAgain: () => void;
}

/** The result for each appointment. Appointments that need an action come first. */
export function AbsenceResult({ outcomes, preview, onAgain }: AbsenceResultProps) {
  const { t } = useLingui();
  const refused = outcomes.filter((outcome) => outcome.refused);
  const changed = outcomes.filter((outcome) => outcome.done !== 'kept');
  const kept = outcomes.filter((outcome) => outcome.done === 'kept' && !outcome.refused);
  const people = new Map(preview.reach.people.map((person) => [person.booking, person]));
  const toCall = changed.filter(({ booking }) => people.get(booking.id)?.channels.length === 0);
  return (
    <>
      <p role="status" className="notice notice-success portal-narrow">
        <Trans>Patients can no longer book this time.</Trans>{' '}
        <Plural
          value={changed.length}
          _0="No appointment was changed."
          one="# appointment was changed."
          other="# appointments were changed."
        />
      </p>
      <Section title={t`Not changed`} rows={refused} people={people} warning />
      <Section title={t`Patients to call`} rows={toCall} people={people} warning />
      <Section
        title={t`Moved and cancelled`}
        rows={changed.filter((outcome) => !toCall.includes(outcome))}
        people={people}
      />
      <Section title={t`Kept`} rows={kept} people={people} />
      <div className="actions">
        <button type="button" className="btn btn-outline-primary" onClick={onAgain}>
          <Trans>Record another absence</Trans>
        </button>
        <Link className="btn btn-outline-primary" to="/portal/calendar">
          <Trans>Go to the calendar</Trans>
        </Link>
      </div>
    </>
  );
}

interface SectionProps {
  title: string;
  rows: Outcome[];
  people: Map<string, AbsencePreview['reach']['people'][number]>;
  warning?: boolean;
}

function Section({ title, rows, people, warning }: SectionProps) {
  if (rows.length === 0) return null;
  return (
    <section className={warning ? 'notice notice-warning portal-narrow' : 'portal-card portal-narrow'}>
      <h2 className="h5">
        {title} ({rows.length})
      </h2>
      <ul className="list-unstyled absence-outcomes">
        {rows.map((outcome) => (
          <li key={outcome.booking.id}>
            <Link className="fw-semibold" to={`/portal/bookings/${outcome.booking.id}`}>
              {outcome.booking.patient?.name}
            </Link>
            <span className="d-block">
              <Icon name={ICONS[outcome.done] ?? 'check'} /> <Done outcome={outcome} />
            </span>
            {outcome.refused && <span className="d-block">{outcome.refused.message}</span>}
            {outcome.done !== 'kept' && <Reached person={people.get(outcome.booking.id)} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

const ICONS: Record<string, IconName> = { kept: 'check', moved: 'next', cancelled: 'cancelled' };

function Done({ outcome: { booking, done } }: { outcome: Outcome }) {
  const time = `${longDate(booking.local_date)}, ${startTime(booking)}`;
  if (done === 'moved') {
    return (
      <Trans>
        Moved to {time}, {booking.doctor.display_name}
      </Trans>
    );
  }
  if (done === 'cancelled') return <Trans>Cancelled: {time}</Trans>;
  return <Trans>Still booked: {time}</Trans>;
}
