import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { appointmentsMyBookingsList } from '@/gen';
import { unwrap } from '@/shared/api/client';
import { MINE } from '@/shared/session/get-user';

export const BOOKINGS_PER_PAGE = 20;

export type Period = 'upcoming' | 'past';

export const myBookingsQuery = (period: Period, page: number) =>
  queryOptions({
    queryKey: [MINE, 'bookings', 'list', period, page],
    queryFn: ({ signal }) =>
      unwrap(
        appointmentsMyBookingsList({ query: { when: period, page, page_size: BOOKINGS_PER_PAGE }, signal }),
      ),
    placeholderData: (previous, query) =>
      query?.queryKey[3] === period ? keepPreviousData(previous) : undefined,
  });
