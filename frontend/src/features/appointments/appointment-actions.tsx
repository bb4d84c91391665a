import { Trans } from '@lingui/react/macro';
import { Link } from 'react-router';
import type { Booking } from '@/shared/api/types';
import { CalendarMenu } from './calendar-menu';
import { isOver } from './is-over';
import { reschedulePath } from './reschedule/reschedule-paths';

export function AppointmentActions({ booking }: { booking: Booking }) {
  return (
    <div className="actions d-print-none">
      {booking.status === 'CONFIRMED' && !isOver(booking) && <CalendarMenu bookingId={booking.id} />}
      <button type="button" className="btn btn-outline-primary" onClick={() => window.print()}>
        <Trans>Print</Trans>
      </button>
      {booking.can_reschedule && (
        <Link className="btn btn-outline-primary" to={reschedulePath(booking.id)}>
          <Trans>Change date or time</Trans>
        </Link>
      )}
      {booking.can_repeat && (
        <a className="btn btn-outline-primary" href={`/appointments/${booking.id}/repeat`}>
          <Trans>Repeat this appointment</Trans>
        </a>
      )}
      {booking.can_cancel && (
        <Link className="btn btn-outline-danger" to={`/appointments/${booking.id}/cancel`}>
          <Trans>Cancel appointment</Trans>
        </Link>
      )}
    </div>
  );
}
