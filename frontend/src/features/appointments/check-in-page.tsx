import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { CheckInPage as Visits } from '@/gen';
import type { Booking } from '@/shared/api/types';
import { PatientName } from '@/shared/bookings/patient-name';
import { CallTheClinic } from '@/shared/clinic/clinic-phone';
import { VisitLocation } from '@/shared/clinic/visit-location';
import { RequirePatient } from '@/shared/session/require-patient';
import { AppointmentTime } from '@/shared/times/appointment-time';
import { PageHeading } from '@/shared/ui/page-heading';
import { QueryView } from '@/shared/ui/query-view';
import { CheckIn } from './check-in';
import { visitsTodayQuery } from './check-in-online';

/** The page behind the QR code at the clinic's door. */
export function CheckInPage() {
  return <RequirePatient>{() => <LoadVisits />}</RequirePatient>;
}

function LoadVisits() {
  const { t } = useLingui();
  return (
    <QueryView page query={useQuery(visitsTodayQuery())} loading={t`Loading your appointments…`}>
      {(page) => (
        <div className="narrow">
          <PageHeading title={t`Check in`} />
          <NoVisits page={page} />
          {page.visits.map((booking) => (
            <Visit key={booking.id} booking={booking} />
          ))}
        </div>
      )}
    </QueryView>
  );
}

function NoVisits({ page }: { page: Visits }) {
  if (page.visits.length > 0) return null;
  return (
    <>
      {page.is_offered ? (
        <>
          <p>
            <Trans>You have no appointment at the clinic today. If you expect one, ask the front desk.</Trans>
          </p>
          <p>
            <Link to="/appointments">
              <Trans>View all my appointments</Trans>
            </Link>
          </p>
        </>
      ) : (
        <p>
          <Trans>You cannot check in online at this clinic. Tell the front desk that you are here.</Trans>
        </p>
      )}
      <CallTheClinic />
    </>
  );
}

function Visit({ booking }: { booking: Booking }) {
  return (
    <article className="next-booking mb-4" aria-labelledby={`visit-${booking.id}`}>
      <h2 id={`visit-${booking.id}`} className="next-booking-when">
        <AppointmentTime time={booking} />
      </h2>
      <p className="mb-3">
        <strong className="d-block">{booking.doctor.display_name}</strong>
        {booking.visit_type?.name}
        <PatientName patient={booking.patient} />
      </p>
      <p className="mb-4">
        <VisitLocation visit={booking.visit_type} place={booking.place} room={booking.room} />
      </p>
      <CheckIn booking={booking} large />
      {booking.status === 'CONFIRMED' && !booking.can_check_in && (
        <p className="mb-0">
          <Trans>You can check in from 60 minutes before your appointment.</Trans>
        </p>
      )}
    </article>
  );
}
