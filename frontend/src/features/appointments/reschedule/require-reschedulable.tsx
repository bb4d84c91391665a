import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link, useParams } from 'react-router';
import type { Booking } from '@/shared/api/types';
import { bookingQuery } from '@/shared/bookings/get-booking';
import { useClinic } from '@/shared/clinic/clinic-context';
import { CallTheClinic } from '@/shared/clinic/clinic-phone';
import { duration } from '@/shared/ui/labels';
import { PageHeading } from '@/shared/ui/page-heading';
import { QueryView } from '@/shared/ui/query-view';

/** Renders its children if the booking in the URL can be rescheduled. */
export function RequireReschedulable({ children }: { children: (booking: Booking) => ReactNode }) {
  const { t } = useLingui();
  const { id = '' } = useParams();
  return (
    <QueryView page query={useQuery(bookingQuery(id))} loading={t`Loading your appointment…`}>
      {(booking) => (booking.can_reschedule ? children(booking) : <TooLate booking={booking} />)}
    </QueryView>
  );
}

function TooLate({ booking }: { booking: Booking }) {
  const { t } = useLingui();
  const notice = useClinic().booking_rules.reschedule_notice_minutes;
  return (
    <div className="narrow">
      <PageHeading title={t`You cannot change this appointment online`} />
      <p>
        {notice === 0 ? (
          <Trans>You can change an appointment online at any time before it starts.</Trans>
        ) : (
          <Trans>
            You can change an appointment online until {duration(notice)} before it starts. After that, call
            us.
          </Trans>
        )}
      </p>
      <CallTheClinic />
      <p className="mt-3">
        <Link to={`/appointments/${booking.id}`}>
          <Trans>Back to the appointment</Trans>
        </Link>
      </p>
    </div>
  );
}
