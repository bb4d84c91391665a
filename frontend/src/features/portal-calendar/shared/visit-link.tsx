import type { ComponentProps } from 'react';
import { Link, useLocation } from 'react-router';
import type { PortalBooking } from './types';

type VisitLinkProps = Omit<ComponentProps<typeof Link>, 'to' | 'id'> & { booking: PortalBooking };

/** A link that opens the panel of a booking next to the calendar. A hold has no panel. */
export function VisitLink({ booking, children, className, style, ...rest }: VisitLinkProps) {
  const { search, pathname } = useLocation();
  const to = `/portal/calendar/bookings/${booking.id}`;
  if (!booking.patient) {
    return (
      <div className={className} style={style}>
        {children}
      </div>
    );
  }
  return (
    <Link
      {...rest}
      id={`visit-${booking.id}`}
      className={className}
      style={style}
      to={{ pathname: to, search }}
      aria-current={pathname === to ? 'true' : undefined}
      preventScrollReset
    >
      {children}
    </Link>
  );
}
