import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { Link, useLocation, useNavigate, useParams } from 'react-router';
import type { BookingPanel as Booking } from '@/gen';
import { useClinic } from '@/shared/clinic/clinic-context';
import { Icon } from '@/shared/staff/icon';
import { PageHeading } from '@/shared/ui/page-heading';
import { QueryView } from '@/shared/ui/query-view';
import { panelQuery } from './booking-panel-data';
import { PanelContent } from './panel-content';

/** A booking at the side of the calendar, which gets the focus back when the panel closes. */
export function BookingPanel() {
  const { t } = useLingui();
  const { id = '' } = useParams();
  const { search } = useLocation();
  const navigate = useNavigate();
  const booking = useQuery(panelQuery(id));
  const calendar = `/portal/calendar${search}`;
  const closeOnEscape = (event: KeyboardEvent) => {
    // In a dialog or an open menu, Escape closes only that.
    if (event.key !== 'Escape' || event.defaultPrevented || isInDialog(event.target)) return;
    navigate(calendar);
  };
  return (
    <aside className="booking-panel booking-panel-side" aria-label={t`Booking`} onKeyDown={closeOnEscape}>
      <Link to={calendar} className="booking-panel-close">
        <Icon name="close" />
        <span className="visually-hidden">
          <Trans>Close the booking</Trans>
        </span>
      </Link>
      <QueryView query={booking} loading={t`Loading the booking…`}>
        {(shown) => (
          <PanelContent key={shown.id} booking={shown} heading={<SideHeading booking={shown} />} level="h3" />
        )}
      </QueryView>
    </aside>
  );
}

/** A booking on a page of its own. */
export function BookingPage() {
  const { t } = useLingui();
  const { id = '' } = useParams();
  return (
    <QueryView page query={useQuery(panelQuery(id))} loading={t`Loading the booking…`}>
      {(booking) => (
        <div className="booking-panel booking-panel-page">
          <Link
            to={`/portal/calendar?view=day&date=${booking.local_date}&doctors=${booking.doctor.id}`}
            className="booking-panel-back"
          >
            <Icon name="previous" />
            <Trans>Calendar of this day</Trans>
          </Link>
          <PanelContent
            key={booking.id}
            booking={booking}
            heading={<PageHeading title={booking.patient.name} />}
            level="h2"
          />
        </div>
      )}
    </QueryView>
  );
}

const isInDialog = (target: EventTarget) => target instanceof Element && target.closest('dialog') !== null;

/** The heading of the panel takes the focus when the panel opens or shows another booking. */
function SideHeading({ booking }: { booking: Booking }) {
  const clinic = useClinic();
  const heading = useRef<HTMLHeadingElement>(null);
  const { name } = booking.patient;
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
  }, []);
  useEffect(() => {
    const before = document.title;
    document.title = `${name} – ${clinic.name}`;
    return () => {
      document.title = before;
    };
  }, [name, clinic.name]);
  return (
    <h2 ref={heading} tabIndex={-1}>
      {name}
    </h2>
  );
}
