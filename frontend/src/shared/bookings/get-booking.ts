import { type QueryClient, queryOptions } from '@tanstack/react-query';
import { appointmentsBookingsRetrieve } from '@/gen';
import { unwrap } from '@/shared/api/client';
import type { Booking } from '@/shared/api/types';
import { MINE } from '@/shared/session/get-user';

export const bookingQuery = (id: string) =>
  queryOptions({
    queryKey: [MINE, 'bookings', 'one', id],
    queryFn: ({ signal }) => unwrap(appointmentsBookingsRetrieve({ path: { booking_id: id }, signal })),
  });

/** Updates the cached booking and reloads all lists that depend on it. */
export function updateBookingCache(queries: QueryClient, booking: Booking): void {
  queries.setQueryData(bookingQuery(booking.id).queryKey, booking);
  queries.invalidateQueries({ queryKey: [MINE, 'bookings', 'list'] });
  queries.invalidateQueries({ queryKey: ['open-slots'] });
  queries.invalidateQueries({ queryKey: ['doctors'] });
}
