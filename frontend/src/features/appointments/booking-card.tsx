import { Trans } from '@lingui/react/macro';
import { Link } from 'react-router';
import type { Booking } from '@/shared/api/types';
import { PatientName } from '@/shared/bookings/patient-name';
import { VisitLocation } from '@/shared/clinic/visit-location';
import { AppointmentTime, DeviceTime } from '@/shared/times/appointment-time';
import { fullDateTime } from '@/shared/times/format';
import { specialtyNames } from '@/shared/ui/labels';
import { BookingStatus } from './booking-status';
import { PendingNotice } from './pending-notice';
import { reschedulePath } from './reschedule/reschedule-paths';

/** The next appointment, with time, place and actions. */
export function NextBooking({ booking }: { booking: Booking }) {
  return (
    <article className="next-booking" aria-labelledby="next">
      <h2 id="next" className="h6 text-body-secondary mb-2">
        <Trans>Your next appointment</Trans>
      </h2>
      <div className="next-booking-when">
        <AppointmentTime time={booking} />
      </div>
      <p className="mb-3">
        <strong className="d-block">{booking.doctor.display_name}</strong>
        {booking.visit_type?.name ?? specialtyNames(booking.doctor.specialties)}
        <PatientName patient={booking.patient} />
      </p>
      <p className="mb-4">
        <VisitLocation visit={booking.visit_type} place={booking.place} room={booking.room} />
      </p>
      <PendingNotice booking={booking} />
      <Link className="btn btn-outline-primary" to={`/appointments/${booking.id}`}>
        <Trans>View details</Trans>
      </Link>
      {booking.can_reschedule && (
        <Link className="btn btn-link" to={reschedulePath(booking.id)}>
          <Trans>Change</Trans>
        </Link>
      )}
      {booking.can_cancel && (
        <Link className="btn btn-link link-danger" to={`/appointments/${booking.id}/cancel`}>
          <Trans>Cancel</Trans>
        </Link>
      )}
    </article>
  );
}

export function BookingRow({ booking }: { booking: Booking }) {
  return (
    <article className="booking-row flex-wrap">
      <div>
        <h3 className="h6 mb-1">
          <Link className="stretched-link" to={`/appointments/${booking.id}`}>
            {fullDateTime(booking)}
          </Link>
        </h3>
        <p className="mb-0">
          {booking.doctor.display_name}
          {booking.visit_type && <span className="d-block">{booking.visit_type.name}</span>}
          <PatientName patient={booking.patient} />
        </p>
        <DeviceTime time={booking} />
      </div>
      <BookingStatus status={booking.status} />
    </article>
  );
}
