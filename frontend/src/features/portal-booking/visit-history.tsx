import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { Link } from 'react-router';
import type { BookingPanel as Booking, OtherVisit } from '@/gen';
import { StatusBadge } from '@/shared/staff/booking-status';
import { isFrontDesk, useStaff } from '@/shared/staff/staff-context';
import { clockTime, plainDate } from '@/shared/times/format';
import { Section, type SectionLevel } from './section';

/** The patient's other visits: with the doctor, or at the clinic for the front desk. */
export function VisitHistory({ booking, level }: { booking: Booking; level: SectionLevel }) {
  const { t } = useLingui();
  const staff = useStaff();
  const { counts, past, upcoming } = booking.history;
  const title = isFrontDesk(staff) ? t`Other visits to the clinic` : t`Other visits with you`;
  return (
    <Section title={title} level={level}>
      {past.length + upcoming.length === 0 ? (
        <p className="text-body-secondary">
          <Trans>There are no other visits.</Trans>
        </p>
      ) : (
        <p>
          <Plural
            value={counts.completed}
            _0="No visit completed"
            one="# visit completed"
            other="# visits completed"
          />
          {' · '}
          <Plural value={counts.no_show} _0="none missed" one="# missed" other="# missed" />
          {' · '}
          <Plural value={counts.cancelled} _0="none cancelled" one="# cancelled" other="# cancelled" />
        </p>
      )}
      {upcoming.length > 0 && <Visits label={t`Upcoming visits`} visits={upcoming} />}
      {past.length > 0 && <Visits label={t`Past visits`} visits={past} />}
    </Section>
  );
}

function Visits({ label, visits }: { label: string; visits: OtherVisit[] }) {
  return (
    <ul className="booking-visits" aria-label={label}>
      {visits.map((visit) => (
        <li key={visit.id}>
          <Link to={`/portal/bookings/${visit.id}`}>
            {plainDate(visit.local_date)}, {clockTime(visit.local_time)}
          </Link>
          <StatusBadge booking={visit} />
          <span className="text-body-secondary">
            {[visit.visit_type, visit.doctor].filter(Boolean).join(', ')}
          </span>
        </li>
      ))}
    </ul>
  );
}
