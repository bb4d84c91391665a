import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { nearestTimesQuery } from '@/shared/alternatives/nearest-times';
import type { Booking } from '@/shared/api/types';
import { bookingStepPath, VISIT_TYPE } from '@/shared/paths/booking-paths';
import { withQuery } from '@/shared/paths/with-query';
import { dependantsQuery } from '@/shared/session/dependants';
import { shortDateTime } from '@/shared/times/format';

/** The open times beside the one just booked, for other people of the family. Nothing for a user without any. */
export function TimesForOthers({ booking }: { booking: Booking }) {
  const { data: dependants } = useQuery(dependantsQuery());
  return dependants && dependants.length > 0 ? <Times booking={booking} /> : null;
}

function Times({ booking }: { booking: Booking }) {
  const { doctor, slot, local_date, visit_type } = booking;
  const { data: nearest = [] } = useQuery({
    ...nearestTimesQuery({
      slot: slot ?? '',
      doctor: doctor.id,
      date: local_date,
      visit_type: visit_type?.id,
    }),
    enabled: slot !== null,
  });
  const allTimes = withQuery(`/doctors/${doctor.id}`, { [VISIT_TYPE]: visit_type?.id, from: local_date });
  return (
    <section className="narrow mt-4 d-print-none" aria-labelledby="others">
      <h2 id="others" className="h5">
        <Trans>Book for another person</Trans>
      </h2>
      {nearest.length > 0 && (
        <>
          <p>
            <Trans>
              These are the nearest times with {doctor.display_name}. You choose the person in the next step.
            </Trans>
          </p>
          <ul className="list-unstyled d-grid gap-2 mb-3">
            {nearest.map((time) => (
              <li key={time.id}>
                <Link className="alternative" to={bookingStepPath('details', time, visit_type?.id)}>
                  <strong>{shortDateTime(time)}</strong>
                  <span className="text-body-secondary">
                    {time.doctor_name && `${time.doctor_name}, `}
                    {time.tz_label}
                  </span>
                </Link>
              </li>
            ))}
          </ul>
        </>
      )}
      <p>
        <Link to={allTimes}>
          <Trans>View all times</Trans>
        </Link>
      </p>
    </section>
  );
}
