import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { Booking, FoundPatient } from '@/shared/api/types';
import { Icon } from '@/shared/staff/icon';
import { PageHeading } from '@/shared/ui/page-heading';
import { QueryView } from '@/shared/ui/query-view';
import { spokenBookingQuery } from './book-caller';

/** The confirmation to read to the caller, and links to the next steps. */
export function Booked({ booking, patient }: { booking: Booking; patient: FoundPatient }) {
  const { t } = useLingui();
  const spoken = useQuery(spokenBookingQuery(booking.id));
  return (
    <div className="booked portal-narrow">
      <PageHeading title={t`Booked for ${patient.name}`} />
      <section className="portal-card" aria-labelledby="say">
        <h2 id="say" className="booked-label">
          <Trans>Read to the caller</Trans>
        </h2>
        <QueryView query={spoken}>
          {({ appointment, messages, addresses }) => (
            <>
              <p className="booked-sentence">{appointment}</p>
              <p className="booked-sentence">{messages}</p>
              {addresses.length > 0 && (
                <p className="booked-addresses">
                  <Icon name="message" />
                  <Trans>Confirmation to {addresses.join(', ')}</Trans>
                </p>
              )}
            </>
          )}
        </QueryView>
      </section>
      <div className="actions">
        <Link className="btn btn-primary btn-lg" to="/portal/new">
          <Trans>
            Next caller <kbd>n</kbd>
          </Trans>
        </Link>
        <Link className="btn btn-outline-primary btn-lg" to={`/portal/new?patient=${patient.id}`}>
          <Trans>Book another for this patient</Trans>
        </Link>
      </div>
      <p>
        <Link to={`/portal/bookings/${booking.id}`}>
          <Trans>Open this booking</Trans>
        </Link>
      </p>
    </div>
  );
}
