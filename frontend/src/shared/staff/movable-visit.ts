import { queryOptions } from '@tanstack/react-query';
import type { MovableVisit } from '@/gen';
import { portalBookingsMoveRetrieve } from '@/gen/portal.gen';
import { unwrap } from '@/shared/api/client';
import { PORTAL } from './portal-data';

/** A visit with what a move needs, such as its version. */
export const movableVisitQuery = (id: string) =>
  queryOptions({
    queryKey: [...PORTAL, 'move', id],
    queryFn: ({ signal }): Promise<MovableVisit> =>
      unwrap(portalBookingsMoveRetrieve({ path: { booking_id: id }, signal })),
    refetchOnWindowFocus: 'always',
  });
