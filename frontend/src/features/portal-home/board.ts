import { queryOptions } from '@tanstack/react-query';
import type { Board as BoardResponse, BoardVisit } from '@/gen';
import { portalBoardRetrieve } from '@/gen/portal.gen';
import { fetchIfModified } from '@/shared/api/if-modified';
import { PORTAL } from '@/shared/staff/portal-data';

export type Visit = BoardVisit;

export interface Board extends Omit<BoardResponse, 'read_at'> {
  /** How many milliseconds the server's clock is ahead of the device's. */
  clockAhead: number;
  etag: string | null;
}

export interface BoardFilter {
  /** Null for today. */
  date: string | null;
  doctor: string | null;
  place: string | null;
}

const EVERY_MS = 5000;

/** The visits of a day, refetched every five seconds. The server answers 304 while nothing has changed. */
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
      const changed = await fetchIfModified(before?.etag, (headers) =>
        portalBoardRetrieve({ query, headers, signal, throwOnError: true }),
      );
      if (!changed) return before as Board;
      const { read_at, ...board } = changed.data;
      return { ...board, clockAhead: Date.parse(read_at) - Date.now(), etag: changed.etag };
    },
    refetchInterval: EVERY_MS,
    refetchOnWindowFocus: 'always',
  });
