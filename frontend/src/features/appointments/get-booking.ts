import { queryOptions } from '@tanstack/react-query';
import { appointmentsBookingsRetrieve } from '@/gen';
import { unwrap } from '@/shared/api/client';
import { MINE } from '@/shared/session/get-user';

export const bookingQuery = (id: string) =>
  queryOptions({
    queryKey: [MINE, 'bookings', 'one', id],
    queryFn: ({ signal }) => unwrap(appointmentsBookingsRetrieve({ path: { booking_id: id }, signal })),
  });
