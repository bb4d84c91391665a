import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { Link } from 'react-router';
import type { Collision } from '@/gen';
import { endTime, fullDate, startTime } from '@/shared/times/format';

/** Appointments at times when the doctor is busy in an outside calendar. */
export function Collisions({ collisions }: { collisions: Collision[] }) {
  const { t } = useLingui();
  if (collisions.length === 0) return null;
  return (
    <section className="notice notice-warning" aria-labelledby="collisions">
      <h2 id="collisions" className="h5">
        <Plural
          value={collisions.length}
          one="# appointment is at a busy time"
          other="# appointments are at busy times"
        />
      </h2>
      <p>
        <Trans>We have not changed them. Move them, or free the time in the other calendar.</Trans>
      </p>
      <ul className="mb-0">
        {collisions.map((row) => (
          <li key={row.id}>
            <Link
              to={`/portal/bookings/${row.id}`}
              aria-label={t`${row.patient_name}, ${fullDate(row.local_date)}, ${startTime(row)}`}
            >
              {row.patient_name}
            </Link>
            {', '}
            {fullDate(row.local_date)},{' '}
            <Trans>
              {startTime(row)} to {endTime(row)}, {row.tz_label}
            </Trans>
          </li>
        ))}
      </ul>
    </section>
  );
}
