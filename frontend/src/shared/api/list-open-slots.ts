import { queryOptions } from '@tanstack/react-query';
import { appointmentsAvailableList } from '@/gen';
import { addDays } from '@/shared/times/dates';
import { unwrap } from './client';

export interface Window {
  doctor?: string;
  /** Each time once, with who has least to do that day. */
  any_doctor?: boolean;
  specialty?: string;
  /** First and last day, both included. */
  from: string;
  to: string;
  /** Times at which such a visit fits. */
  visit_type?: string;
}

/** Bookable times; read again when the window gets the focus, and every minute. */
export const openSlotsQuery = (query: Window) =>
  queryOptions({
    queryKey: ['open-slots', query],
    queryFn: async ({ signal }) => (await unwrap(appointmentsAvailableList({ query, signal }))).results,
    staleTime: 0,
    refetchOnWindowFocus: 'always',
    refetchInterval: 60_000,
  });

const LONGEST_WINDOW_DAYS = 91;

/** The first time from a day on; null where there is none in the next three months. */
export const firstOpenSlotQuery = ({ from, ...query }: Omit<Window, 'to'>) =>
  queryOptions({
    queryKey: ['open-slots', 'first', from, query],
    queryFn: async ({ signal }) => {
      const ahead = { ...query, from, to: addDays(from, LONGEST_WINDOW_DAYS), page_size: 1 };
      return (await unwrap(appointmentsAvailableList({ query: ahead, signal }))).results[0] ?? null;
    },
  });
