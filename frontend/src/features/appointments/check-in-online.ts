import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { appointmentsBookingsOnlineCheckInCreate, appointmentsCheckInRetrieve } from '@/gen/patient.gen';
import { unwrap } from '@/shared/api/client';
import { updateBookingCache } from '@/shared/bookings/get-booking';
import { MINE } from '@/shared/session/get-user';

/** Today's visits of the user and their dependants. */
export const visitsTodayQuery = () =>
  queryOptions({
    queryKey: [MINE, 'bookings', 'list', 'check-in'],
    queryFn: ({ signal }) => unwrap(appointmentsCheckInRetrieve({ signal })),
  });

export function useCheckInOnline(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(appointmentsBookingsOnlineCheckInCreate({ path: { booking_id: id } })),
    onSuccess: (booking) => updateBookingCache(queries, booking),
  });
}
