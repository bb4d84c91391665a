import { queryOptions } from '@tanstack/react-query';
import { appointmentsAvailableList } from '@/gen';
import { addDays } from '@/shared/times/dates';
import { unwrap } from './client';

export interface OpenSlotsParams {
  doctor?: string;
  /** Returns each time once, with the doctor who has the least booked time that day. */
  any_doctor?: boolean;
  specialty?: string;
  /** First day. `to` is the last day. Both are included. */
  from: string;
  to: string;
  /** Only times that are long enough for this visit type. */
  visit_type?: string;
}

/** The open slots. Reloaded on window focus and every minute. */
export const openSlotsQuery = (query: OpenSlotsParams) =>
  queryOptions({
    queryKey: ['open-slots', query],
    queryFn: async ({ signal }) => (await unwrap(appointmentsAvailableList({ query, signal }))).results,
    staleTime: 0,
    refetchOnWindowFocus: 'always',
    refetchInterval: 60_000,
  });

const MAX_DAYS = 91;

/** The first open slot from a day on; null if there is none in the next three months. */
export const firstOpenSlotQuery = ({ from, ...query }: Omit<OpenSlotsParams, 'to'>) =>
  queryOptions({
    queryKey: ['open-slots', 'first', from, query],
    queryFn: async ({ signal }) => {
      const ahead = { ...query, from, to: addDays(from, MAX_DAYS), page_size: 1 };
      return (await unwrap(appointmentsAvailableList({ query: ahead, signal }))).results[0] ?? null;
    },
  });
