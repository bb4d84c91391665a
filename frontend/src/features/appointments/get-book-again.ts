import { queryOptions } from '@tanstack/react-query';
import { appointmentsBookingsAgainRetrieve } from '@/gen/patient.gen';
import { unwrap } from '@/shared/api/client';
import { MINE } from '@/shared/session/get-user';

/** What of an earlier booking patients can book now: the doctor, and the type of visit with that doctor. */
export const bookAgainQuery = (id: string) =>
  queryOptions({
    queryKey: [MINE, 'bookings', 'again', id],
    queryFn: ({ signal }) => unwrap(appointmentsBookingsAgainRetrieve({ path: { booking_id: id }, signal })),
  });
