import { queryOptions } from '@tanstack/react-query';
import { appointmentsAvailableList } from '@/gen';
import { addDays } from '@/shared/times/dates';
import { unwrap } from './client';
import { signForMove } from './sign-for-move';

export interface OpenSlotsParams {
  doctor?: string;
  /** Returns each time once, with the doctor who has the least booked time that day. */
  any_doctor?: boolean;
  specialty?: string;
  /** Several doctors: ids separated by commas. */
  doctors?: string;
  language?: string;
  sex?: 'female' | 'male';
  /** An id, or `main`. */
  place?: string;
  /** Weekdays separated by commas. 0 is Monday. */
  weekday?: string;
  part_of_day?: 'morning' | 'afternoon' | 'evening';
  /** The earliest local start: `17:00`. */
  after?: string;
  /** First day. `to` is the last day. Both are included. */
  from: string;
  to: string;
  /** Only times that are long enough for this visit type. */
  visit_type?: string;
  /** Times to move this booking to, as if it were not there. Only for a user who may move it. */
  moving?: string;
}

/** The open slots. Reloaded on window focus and every minute. */
export const openSlotsQuery = (query: OpenSlotsParams) =>
  queryOptions({
    queryKey: ['open-slots', query],
    queryFn: async ({ signal }) =>
      (await unwrap(appointmentsAvailableList({ query, signal, ...signForMove(query) }))).results,
    staleTime: 0,
    refetchOnWindowFocus: 'always',
    refetchInterval: 60_000,
  });

/** The longest period of one request, less a day. */
const MAX_DAYS = 91;

interface FirstOpenSlot extends Omit<OpenSlotsParams, 'to'> {
  /** The last day to search. A clinic may take bookings for two years. */
  until: string;
  /** The id of a slot that does not count. */
  except?: string | undefined;
}

/** The first open slot from a day on; null if there is none. */
export const firstOpenSlotQuery = ({ from, until, except, ...query }: FirstOpenSlot) =>
  queryOptions({
    queryKey: ['open-slots', 'first', from, until, query, except],
    queryFn: async ({ signal }) => {
      for (let first = from; first <= until; first = addDays(first, MAX_DAYS + 1)) {
        const ahead = { ...query, from: first, to: addDays(first, MAX_DAYS), page_size: except ? 2 : 1 };
        const call = appointmentsAvailableList({ query: ahead, signal, ...signForMove(query) });
        const found = (await unwrap(call)).results.find(({ id }) => id !== except);
        if (found) return found;
      }
      return null;
    },
  });
