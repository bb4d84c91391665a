import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { Booking } from '@/shared/api/types';
import { timesPath, VISIT_TYPE } from '@/shared/paths/booking-paths';
import { withQuery } from '@/shared/paths/with-query';
import { saveDraft } from '@/shared/session/draft';
import { useUser } from '@/shared/session/get-user';
import { QueryView } from '@/shared/ui/query-view';
import { bookAgainQuery } from './get-book-again';

/** Leads to the doctor's times for the same type of visit and patient, as far as they are still offered. */
export function BookAgain({ booking }: { booking: Booking }) {
  const { t } = useLingui();
  const { data: user } = useUser();
  const { display_name: doctor } = booking.doctor;
  const own = user?.profile?.id === booking.patient.id;
  return (
    <div className="d-print-none">
      <QueryView query={useQuery(bookAgainQuery(booking.id))} loading={t`Loading…`}>
        {(again) =>
          again.doctor ? (
            <>
              {again.lacks_visit_type && (
                <p>
                  <Trans>{doctor} no longer offers this type of visit. You can choose another one.</Trans>
                </p>
              )}
              <Link
                className="btn btn-primary"
                to={timesPath(again.doctor, again.visit_type ?? undefined)}
                // The draft of the booking, which the details step reads. No address names the patient.
                onClick={() => saveDraft('booking', { patient: own ? null : booking.patient.id })}
              >
                <Trans>Book again</Trans>
              </Link>
            </>
          ) : (
            <>
              <p>
                <Trans>You can no longer book {doctor} online.</Trans>
              </p>
              <Link
                className="btn btn-primary"
                to={withQuery('/doctors', { [VISIT_TYPE]: again.visit_type })}
              >
                <Trans>Find another doctor</Trans>
              </Link>
            </>
          )
        }
      </QueryView>
    </div>
  );
}
