import { queryOptions } from '@tanstack/react-query';
import { portalBookingsMessagesList, portalBookingsRetrieve } from '@/gen/portal.gen';
import { unwrap } from '@/shared/api/client';
import { PORTAL } from '@/shared/staff/portal-data';

export const panelQuery = (id: string) =>
  queryOptions({
    queryKey: [...PORTAL, 'booking', id],
    queryFn: ({ signal }) => unwrap(portalBookingsRetrieve({ path: { booking_id: id }, signal })),
  });

export const messagesQuery = (id: string) =>
  queryOptions({
    queryKey: [...PORTAL, 'booking', id, 'messages'],
    queryFn: ({ signal }) => unwrap(portalBookingsMessagesList({ path: { booking_id: id }, signal })),
  });
