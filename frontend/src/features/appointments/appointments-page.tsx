import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import type { Booking, Page } from '@/shared/api/types';
import { useClinic } from '@/shared/clinic/clinic-context';
import { useUser } from '@/shared/session/get-user';
import { NotAPatient } from '@/shared/session/staff-notice';
import { PageHeading } from '@/shared/ui/page-heading';
import { Pager, pageNumber } from '@/shared/ui/pager';
import { QueryView } from '@/shared/ui/query-view';
import { BookingRow, NextBooking } from './booking-card';
import { BOOKINGS_PER_PAGE, myBookingsQuery, type When } from './list-my-bookings';
import { WhenTabs } from './period-tabs';
import { Waiting } from './waiting-list/offers-and-entries';

export function AppointmentsPage() {
  const { t } = useLingui();
  const clinic = useClinic();
  const [params] = useSearchParams();
  const when: When = params.get('when') === 'past' ? 'past' : 'upcoming';
  return (
    <QueryView page query={useUser()} loading={t`Looking up your details…`}>
      {(user) =>
        user.role === 'patient' ? (
          <div className="narrow">
            <PageHeading title={t`My appointments`} />
            <p className="text-body-secondary">
              <Trans>All times are {clinic.tz_label}.</Trans>
            </p>
            {params.has('waiting') && (
              <p role="status" className="notice notice-success">
                <Trans>You are on the waiting list. We write to you when a time is free.</Trans>
              </p>
            )}
            <WhenTabs when={when} />
            {when === 'upcoming' ? (
              <Waiting>
                <Bookings when={when} page={pageNumber(params)} />
              </Waiting>
            ) : (
              <Bookings when={when} page={pageNumber(params)} />
            )}
          </div>
        ) : (
          <NotAPatient user={user} />
        )
      }
    </QueryView>
  );
}

function Bookings({ when, page }: { when: When; page: number }) {
  const { t } = useLingui();
  const bookings = useQuery(myBookingsQuery(when, page));
  return (
    <QueryView query={bookings} loading={t`Looking up your appointments…`}>
      {(found) =>
        found.count === 0 ? <NoBookings when={when} /> : <BookingList when={when} found={found} />
      }
    </QueryView>
  );
}

function BookingList({ when, found }: { when: When; found: Page<Booking> }) {
  const next = when === 'upcoming' && !found.previous ? found.results.find(isOn) : undefined;
  const others = found.results.filter((booking) => booking !== next);
  return (
    <>
      {next && <NextBooking booking={next} />}
      {next && others.length > 0 && (
        <h2 className="h5 mt-5">
          <Trans>After that</Trans>
        </h2>
      )}
      <ul className="list-unstyled booking-list">
        {others.map((booking) => (
          <li key={booking.id}>
            <BookingRow booking={booking} />
          </li>
        ))}
      </ul>
      <Pager page={found} size={BOOKINGS_PER_PAGE} />
    </>
  );
}

const isOn = ({ status }: Booking) => status !== 'CANCELLED';

function NoBookings({ when }: { when: When }) {
  return (
    <div className="notice">
      <p>
        {when === 'upcoming' ? (
          <Trans>You have no appointments coming up.</Trans>
        ) : (
          <Trans>You have had no appointments here yet.</Trans>
        )}
      </p>
      <Link className="btn btn-primary" to="/doctors">
        <Trans>Find a doctor</Trans>
      </Link>
    </div>
  );
}
