import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from 'react-router';
import { doctorQuery } from '@/shared/api/get-doctor';
import type { Booking } from '@/shared/api/types';
import { TimesSection } from '@/shared/time-picker/time-picker';
import { shortMoment } from '@/shared/times/format';
import { PageHeading } from '@/shared/ui/page-heading';
import { QueryView } from '@/shared/ui/query-view';
import { Movable } from './require-reschedulable';
import { confirmMovePath } from './reschedule-paths';

export function MovePage() {
  return <Movable>{(booking) => <Move booking={booking} />}</Movable>;
}

function Move({ booking }: { booking: Booking }) {
  const { t } = useLingui();
  const navigate = useNavigate();
  return (
    <>
      <Link to={`/appointments/${booking.id}`} className="back-link">
        <span aria-hidden="true" className="arrow-start" /> <Trans>Back to the appointment</Trans>
      </Link>
      <PageHeading title={t`Move to another time`} />
      <p className="lead">
        <Trans>
          Now: <strong>{shortMoment(booking)}</strong> with {booking.doctor.display_name}. It stays yours
          until you confirm another time.
        </Trans>
      </p>
      <QueryView query={useQuery(doctorQuery(booking.doctor.id))} loading={t`Looking up the doctor…`}>
        {(doctor) => (
          <TimesSection
            whose={{ doctor }}
            visitType={booking.visit_type?.id}
            first={booking.local_date}
            goOn={(slot) => navigate(confirmMovePath(booking.id, slot))}
          />
        )}
      </QueryView>
    </>
  );
}
