import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from 'react-router';
import { doctorQuery } from '@/shared/api/get-doctor';
import type { Booking } from '@/shared/api/types';
import { TimePicker } from '@/shared/time-picker/time-picker';
import { shortDateTime } from '@/shared/times/format';
import { PageHeading } from '@/shared/ui/page-heading';
import { QueryView } from '@/shared/ui/query-view';
import { RequireReschedulable } from './require-reschedulable';
import { confirmReschedulePath } from './reschedule-paths';

export function ReschedulePage() {
  return <RequireReschedulable>{(booking) => <Reschedule booking={booking} />}</RequireReschedulable>;
}

function Reschedule({ booking }: { booking: Booking }) {
  const { t } = useLingui();
  const navigate = useNavigate();
  return (
    <>
      <Link to={`/appointments/${booking.id}`} className="back-link">
        <span aria-hidden="true" className="arrow-start" /> <Trans>Back to the appointment</Trans>
      </Link>
      <PageHeading title={t`Change date or time`} />
      <p className="lead">
        <Trans>
          Your appointment is on <strong>{shortDateTime(booking)}</strong> with {booking.doctor.display_name}.
          You keep this time until you confirm a new one.
        </Trans>
      </p>
      <QueryView query={useQuery(doctorQuery(booking.doctor.id))} loading={t`Loading the doctor’s details…`}>
        {(doctor) => (
          <TimePicker
            doctorChoice={{ doctor }}
            visitType={booking.visit_type?.id}
            moving={booking}
            initialDate={booking.local_date}
            onContinue={(slot) => navigate(confirmReschedulePath(booking.id, slot))}
          />
        )}
      </QueryView>
    </>
  );
}
