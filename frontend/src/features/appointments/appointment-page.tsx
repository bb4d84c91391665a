import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearchParams } from 'react-router';
import type { Booking } from '@/shared/api/types';
import { bookingQuery } from '@/shared/bookings/get-booking';
import { VisitLocation } from '@/shared/clinic/visit-location';
import { AppointmentTime } from '@/shared/times/appointment-time';
import { specialtyNames } from '@/shared/ui/labels';
import { QueryView } from '@/shared/ui/query-view';
import { SummaryList, SummaryRow } from '@/shared/ui/summary-list';
import { answerLabel } from '@/shared/visit-types/answer-label';
import { VisitSummary } from '@/shared/visit-types/visit-summary';
import { AppointmentActions } from './appointment-actions';
import { AppointmentHeading } from './appointment-heading';
import { Attendance } from './attendance';
import { BookAgain } from './book-again';
import { BookingStatus } from './booking-status';
import { CheckIn } from './check-in';
import { isOver } from './is-over';
import { NextSteps } from './next-steps';
import { PendingNotice } from './pending-notice';
import { QuestionsBeforeVisit } from './questions-before-visit';
import { TimesForOthers } from './times-for-others';

export function AppointmentPage() {
  const { t } = useLingui();
  const { id = '' } = useParams();
  return (
    <>
      <Link to="/appointments" className="back-link d-print-none">
        <span aria-hidden="true" className="arrow-start" /> <Trans>My appointments</Trans>
      </Link>
      <QueryView page query={useQuery(bookingQuery(id))} loading={t`Loading your appointment…`}>
        {(booking) => <Appointment booking={booking} />}
      </QueryView>
    </>
  );
}

function Appointment({ booking }: { booking: Booking }) {
  const { t } = useLingui();
  const [params] = useSearchParams();
  const outcome = params.has('booked') ? 'booked' : params.has('moved') ? 'moved' : null;
  return (
    <>
      <div className="beside">
        <div className="beside-head">
          <AppointmentHeading booking={booking} outcome={outcome} />
          {params.has('replaced') && (
            <p>
              <Trans>We have cancelled your later appointment.</Trans>
            </p>
          )}
          {!outcome && <PendingNotice booking={booking} />}
        </div>
        <div className="beside-main">
          <SummaryList>
            <SummaryRow label={t`When`}>
              <AppointmentTime time={booking} />
            </SummaryRow>
            {booking.visit_type && (
              <SummaryRow label={t`Type of visit`}>
                <VisitSummary visit={booking.visit_type} />
              </SummaryRow>
            )}
            <SummaryRow label={t`Doctor`}>
              <strong>{booking.doctor.display_name}</strong>
              <span className="d-block">{specialtyNames(booking.doctor.specialties)}</span>
            </SummaryRow>
            <SummaryRow label={t`Where`}>
              <VisitLocation visit={booking.visit_type} place={booking.place} room={booking.room} />
            </SummaryRow>
            <SummaryRow label={t`Patient`}>{booking.patient.name}</SummaryRow>
            {booking.visit_type?.preparation && (
              <SummaryRow label={t`How to prepare`}>{booking.visit_type.preparation}</SummaryRow>
            )}
            {booking.visit_type?.bring && (
              <SummaryRow label={t`What to bring`}>{booking.visit_type.bring}</SummaryRow>
            )}
            {(booking.answers ?? []).map(({ question, text, answer }) => (
              <SummaryRow key={question} label={text}>
                {answerLabel(answer)}
              </SummaryRow>
            ))}
            {booking.reason && <SummaryRow label={t`Reason`}>{booking.reason}</SummaryRow>}
            <SummaryRow label={t`Status`}>
              <BookingStatus status={booking.status} />
            </SummaryRow>
          </SummaryList>
          <QuestionsBeforeVisit bookingId={booking.id} />
          {!isOver(booking) && <CheckInHere booking={booking} />}
          <NextSteps booking={booking} />
          {isOver(booking) && <BookAgain booking={booking} />}
        </div>
        <div className="beside-side beside-actions">
          {/* Once check-in is open, confirming the attendance has no purpose. */}
          {!booking.can_check_in && <Attendance booking={booking} />}
          <AppointmentActions booking={booking} />
          <p className="d-print-none">
            <Link to="/appointments">
              <Trans>View all my appointments</Trans>
            </Link>
          </p>
        </div>
      </div>
      {outcome === 'booked' && <TimesForOthers booking={booking} />}
    </>
  );
}

function CheckInHere({ booking }: { booking: Booking }) {
  return (
    <CheckIn booking={booking}>
      <p>
        <Trans>
          When you are at the clinic, tell us here. You do not need to go to the front desk first.
        </Trans>
      </p>
    </CheckIn>
  );
}
