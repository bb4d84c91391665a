import { queryOptions } from '@tanstack/react-query';
import { appointmentsWaitlistPossibleRetrieve } from '@/gen/search.gen';
import { unwrap } from '@/shared/api/client';

interface WaitingTarget {
  doctor?: string | undefined;
  /** The code of a specialty, for any of its doctors. */
  specialty?: string | undefined;
  visit_type?: string | undefined;
}

/** Whether waiting can succeed: whether a doctor who can be booked offers the visit type at present. */
export const waitingPossibleQuery = ({ doctor, specialty, visit_type }: WaitingTarget) => {
  const query = {
    ...(doctor && { doctor }),
    ...(specialty && { specialty }),
    ...(visit_type && { visit_type }),
  };
  return queryOptions({
    queryKey: ['waiting-possible', query],
    queryFn: async ({ signal }) =>
      (await unwrap(appointmentsWaitlistPossibleRetrieve({ query, signal }))).is_possible,
    staleTime: 60_000,
  });
};
