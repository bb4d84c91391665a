import { queryOptions } from '@tanstack/react-query';
import type { BoardVisit } from '@/gen';
import { portalBoardRetrieve } from '@/gen/portal.gen';
import { isApiError } from '@/shared/api/api-error';
import { PORTAL } from '@/shared/staff/portal-data';

export type Visit = BoardVisit;

export interface Board {
  date: string;
  doctors: { id: string; display_name: string; visits: number }[];
  places: { id: string; name: string }[];
  visits: Visit[];
  /** How many milliseconds the server's clock is ahead of the device's. */
  clockAhead: number;
  etag: string;
}

export interface BoardFilter {
  /** Null for today. */
  date: string | null;
  doctor: string | null;
  place: string | null;
}

const EVERY_MS = 5000;

/** The visits of a day. Reads them every five seconds; the server answers 304 while nothing has changed. */
export const boardQuery = (filter: BoardFilter) =>
  queryOptions({
    queryKey: [...PORTAL, 'board', filter],
    queryFn: async ({ client, queryKey, signal }): Promise<Board> => {
      const before = client.getQueryData<Board>(queryKey);
      const query = {
        ...(filter.date && { date: filter.date }),
        ...(filter.doctor && { doctors: filter.doctor }),
        ...(filter.place && { place: filter.place }),
      };
      const headers = before ? { 'If-None-Match': before.etag } : {};
      try {
        const { data, response } = await portalBoardRetrieve({ query, headers, signal, throwOnError: true });
        const { read_at, ...board } = data.data;
        return {
          ...board,
          clockAhead: Date.parse(read_at) - Date.now(),
          etag: response.headers.get('ETag') ?? '',
        };
      } catch (error) {
        if (before && isApiError(error) && error.status === 304) return before;
        throw error;
      }
    },
    refetchInterval: EVERY_MS,
    refetchOnWindowFocus: 'always',
    staleTime: 0,
  });
