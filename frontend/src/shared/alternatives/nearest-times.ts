import { queryOptions } from '@tanstack/react-query';
import { appointmentsAvailableNearestRetrieve } from '@/gen/search.gen';
import { unwrap } from '@/shared/api/client';
import { signForMove } from '@/shared/api/sign-for-move';

interface WantedTime {
  slot: string;
  /** The doctor and the day of the slot, in case it no longer exists. */
  doctor: string;
  date: string;
  visit_type?: string | undefined;
  /** The booking that is to be moved. Only for a user who may move it. */
  moving?: string;
}

/** The three open times nearest to one that is taken: before or after it, on any day. */
export const nearestTimesQuery = ({ visit_type, ...wanted }: WantedTime) =>
  queryOptions({
    queryKey: ['open-slots', 'nearest', wanted, visit_type],
    queryFn: async ({ signal }) => {
      const query = { ...wanted, ...(visit_type && { visit_type }) };
      const call = appointmentsAvailableNearestRetrieve({ query, signal, ...signForMove(wanted) });
      return (await unwrap(call)).alternatives;
    },
  });
