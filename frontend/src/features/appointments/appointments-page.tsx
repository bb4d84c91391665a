import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import type { Booking, Page } from '@/shared/api/types';
import { useClinic } from '@/shared/clinic/clinic-context';
import { useUser } from '@/shared/session/get-user';
import { StaffNotice } from '@/shared/session/staff-notice';
import { PageHeading } from '@/shared/ui/page-heading';
import { Pager, pageNumber } from '@/shared/ui/pager';
import { QueryView } from '@/shared/ui/query-view';
import { Skeleton } from '@/shared/ui/skeleton';
import { BookingRow, NextBooking } from './booking-card';
import { BOOKINGS_PER_PAGE, myBookingsQuery, type Period } from './my-bookings/list-my-bookings';
import { PeriodTabs } from './period-tabs';
import { OffersAndEntries } from './waiting-list/offers-and-entries';

export function AppointmentsPage() {
  const { t } = useLingui();
  const clinic = useClinic();
  const [params] = useSearchParams();
  const period: Period = params.get('when') === 'past' ? 'past' : 'upcoming';
  return (
    <QueryView page query={useUser()} loading={t`Loading your details…`}>
      {(user) =>
        user.role === 'patient' ? (
          <div className="narrow">
            <PageHeading title={t`My appointments`} />
            <p className="text-body-secondary">
              <Trans>All times are {clinic.tz_label}.</Trans>
            </p>
            <PeriodTabs period={period} />
            {period === 'upcoming' ? (
              <OffersAndEntries justJoined={params.has('waiting')}>
                <Bookings period={period} page={pageNumber(params)} />
              </OffersAndEntries>
            ) : (
              <Bookings period={period} page={pageNumber(params)} />
            )}
          </div>
        ) : (
          <StaffNotice />
        )
      }
    </QueryView>
  );
}

function Bookings({ period, page }: { period: Period; page: number }) {
  const bookings = useQuery(myBookingsQuery(period, page));
  return (
    <QueryView
      query={bookings}
      loading={
        <Skeleton kind="row" count={4}>
          <Trans>Loading your appointments…</Trans>
        </Skeleton>
      }
    >
      {(bookings) =>
        bookings.count === 0 ? (
          <NoBookings period={period} />
        ) : (
          <BookingList period={period} bookings={bookings} />
        )
      }
    </QueryView>
  );
}

function BookingList({ period, bookings }: { period: Period; bookings: Page<Booking> }) {
  const next =
    period === 'upcoming' && !bookings.previous ? bookings.results.find(isNotCancelled) : undefined;
  const others = bookings.results.filter((booking) => booking !== next);
  return (
    <>
      {next && <NextBooking booking={next} />}
      {next && others.length > 0 && (
        <h2 className="h5 mt-5">
          <Trans>Later appointments</Trans>
        </h2>
      )}
      <ul className="list-unstyled booking-list">
        {others.map((booking) => (
          <li key={booking.id}>
            <BookingRow booking={booking} />
          </li>
        ))}
      </ul>
      <Pager page={bookings} size={BOOKINGS_PER_PAGE} />
    </>
  );
}

const isNotCancelled = ({ status }: Booking) => status !== 'CANCELLED';

function NoBookings({ period }: { period: Period }) {
  return (
    <div className="notice">
      <p>
        {period === 'upcoming' ? (
          <Trans>You have no upcoming appointments.</Trans>
        ) : (
          <Trans>You have no past or cancelled appointments.</Trans>
        )}
      </p>
      <Link className="btn btn-primary" to="/doctors">
        <Trans>Find a doctor</Trans>
      </Link>
    </div>
  );
}
