import { queryOptions } from '@tanstack/react-query';
import { appointmentsAvailableDaysRetrieve } from '@/gen/search.gen';
import { unwrap } from '@/shared/api/client';
import type { OpenSlotsParams } from '@/shared/api/list-open-slots';
import { signForMove } from '@/shared/api/sign-for-move';

/** The search for times, without its period. */
export type TimesQuery = Omit<OpenSlotsParams, 'from' | 'to'>;

/** The number of open times by day, for the days that have any. */
export const openDaysQuery = (times: TimesQuery, from: string, to: string) =>
  queryOptions({
    queryKey: ['open-slots', 'days', times, from, to],
    queryFn: async ({ signal }) => {
      const query = { ...times, from, to };
      const call = appointmentsAvailableDaysRetrieve({ query, signal, ...signForMove(times) });
      const { days } = await unwrap(call);
      return new Map(days.map(({ date, count }) => [date, count]));
    },
    staleTime: 30_000,
  });
