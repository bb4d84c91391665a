import { queryOptions } from '@tanstack/react-query';
import { appointmentsAvailableDaysRetrieve } from '@/gen/search.gen';
import { unwrap } from '@/shared/api/client';
import type { OpenSlotsParams } from '@/shared/api/list-open-slots';

/** The search for times, without its period. */
export type TimesQuery = Omit<OpenSlotsParams, 'from' | 'to'>;

/** The number of open times by day, for the days that have any. */
export const openDaysQuery = (times: TimesQuery, from: string, to: string) =>
  queryOptions({
    queryKey: ['open-slots', 'days', times, from, to],
    queryFn: async ({ signal }) => {
      const query = { ...times, from, to };
      const security = times.moving ? [{ scheme: 'bearer' as const, type: 'http' as const }] : [];
      const { days } = await unwrap(appointmentsAvailableDaysRetrieve({ query, signal, security }));
      return new Map(days.map(({ date, count }) => [date, count]));
    },
    staleTime: 30_000,
  });
