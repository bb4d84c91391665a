import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { appointmentsFeedsCreate, appointmentsFeedsDestroy, appointmentsFeedsList } from '@/gen/patient.gen';
import { unwrap } from '@/shared/api/client';
import { MINE } from '@/shared/session/get-user';

const FEEDS = [MINE, 'feeds'];

export const feedsQuery = () =>
  queryOptions({
    queryKey: FEEDS,
    queryFn: ({ signal }) => unwrap(appointmentsFeedsList({ signal })),
    staleTime: 0,
  });

/** Creates a calendar link. Only this response contains its URL. */
export function useCreateFeed() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => unwrap(appointmentsFeedsCreate({ body: { name } })),
    onSettled: () => queries.invalidateQueries({ queryKey: FEEDS }),
  });
}

export function useRevokeFeed() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => unwrap(appointmentsFeedsDestroy({ path: { feed_id: id } })),
    onSettled: () => queries.invalidateQueries({ queryKey: FEEDS }),
  });
}
