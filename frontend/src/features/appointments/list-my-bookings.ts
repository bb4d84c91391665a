import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { appointmentsMyBookingsList } from '@/gen';
import { unwrap } from '@/shared/api/client';
import { MINE } from '@/shared/session/get-user';

export const BOOKINGS_PER_PAGE = 20;

export type When = 'upcoming' | 'past';

export const myBookingsQuery = (when: When, page: number) =>
  queryOptions({
    queryKey: [MINE, 'bookings', 'list', when, page],
    queryFn: ({ signal }) =>
      unwrap(appointmentsMyBookingsList({ query: { when, page, page_size: BOOKINGS_PER_PAGE }, signal })),
    placeholderData: (before, query) => (query?.queryKey[3] === when ? keepPreviousData(before) : undefined),
  });
