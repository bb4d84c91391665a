import { Trans } from '@lingui/react/macro';
import { Link } from 'react-router';
import type { Booking } from '@/shared/api/types';
import { ForWhom } from '@/shared/bookings/patient-name';
import { Where } from '@/shared/clinic/visit-location';
import { OnYourClock, When } from '@/shared/times/appointment-time';
import { fullMoment } from '@/shared/times/format';
import { specialtyNames } from '@/shared/ui/labels';
import { Status } from './booking-status';
import { Requested } from './pending-notice';
import { movePath } from './reschedule/reschedule-paths';

/** The next appointment: everything needed to get there. */
export function NextBooking({ booking }: { booking: Booking }) {
  return (
    <article className="next-booking" aria-labelledby="next">
      <h2 id="next" className="h6 text-body-secondary mb-2">
        <Trans>Your next appointment</Trans>
      </h2>
      <div className="next-booking-when">
        <When moment={booking} />
      </div>
      <p className="mb-3">
        <strong className="d-block">{booking.doctor.display_name}</strong>
        {booking.visit_type?.name ?? specialtyNames(booking.doctor.specialties)}
        <ForWhom patient={booking.patient} />
      </p>
      <p className="mb-4">
        <Where visit={booking.visit_type} place={booking.place} room={booking.room} />
      </p>
      <Requested booking={booking} />
      <Link className="btn btn-primary" to={`/appointments/${booking.id}`}>
        <Trans>See details</Trans>
      </Link>
      {booking.can_reschedule && (
        <Link className="btn btn-link" to={movePath(booking.id)}>
          <Trans>Move</Trans>
        </Link>
      )}
      {booking.can_cancel && (
        <Link className="btn btn-link" to={`/appointments/${booking.id}/cancel`}>
          <Trans>Cancel</Trans>
        </Link>
      )}
    </article>
  );
}

export function BookingRow({ booking }: { booking: Booking }) {
  return (
    <article className="booking-row">
      <div>
        <h3 className="h6 mb-1">
          <Link className="stretched-link" to={`/appointments/${booking.id}`}>
            {fullMoment(booking)}
          </Link>
        </h3>
        <p className="mb-0">
          {booking.doctor.display_name}
          {booking.visit_type && <span className="d-block">{booking.visit_type.name}</span>}
          <ForWhom patient={booking.patient} />
        </p>
        <OnYourClock moment={booking} />
      </div>
      <Status status={booking.status} />
    </article>
  );
}
