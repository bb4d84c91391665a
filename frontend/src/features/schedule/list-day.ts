import { queryOptions } from '@tanstack/react-query';
import { appointmentsMyAppointmentsList } from '@/gen';
import { unwrap } from '@/shared/api/client';
import { MINE } from '@/shared/session/get-user';

/** The doctor's slots of one day with their bookings. A day fits on one page. */
export const dayQuery = (date: string) =>
  queryOptions({
    queryKey: [MINE, 'day', date],
    queryFn: async ({ signal }) => {
      const query = { from: date, to: date, page_size: 100 };
      return (await unwrap(appointmentsMyAppointmentsList({ query, signal }))).results;
    },
    refetchInterval: 60_000,
    refetchOnWindowFocus: 'always',
  });
