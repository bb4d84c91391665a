import { queryOptions } from '@tanstack/react-query';
import { appointmentsAvailableList } from '@/gen';
import { unwrap } from './client';

export interface Window {
  doctor: string;
  /** First and last day, both included. */
  from: string;
  to: string;
}

/** A doctor's bookable times; read again when the window gets the focus, and every minute. */
export const openSlotsQuery = (query: Window) =>
  queryOptions({
    queryKey: ['open-slots', query],
    queryFn: async ({ signal }) => (await unwrap(appointmentsAvailableList({ query, signal }))).results,
    staleTime: 0,
    refetchOnWindowFocus: 'always',
    refetchInterval: 60_000,
  });
