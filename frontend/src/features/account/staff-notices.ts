import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { usersMeStaffNoticesPartialUpdate, usersMeStaffNoticesRetrieve } from '@/gen/portal.gen';
import { unwrap } from '@/shared/api/client';
import type { StaffNotices } from '@/shared/api/types';
import { MINE } from '@/shared/session/get-user';

export const staffNoticesQuery = () =>
  queryOptions({
    queryKey: [MINE, 'staff-notices'],
    queryFn: ({ signal }) => unwrap(usersMeStaffNoticesRetrieve({ signal })),
    staleTime: 0,
  });

export function useChangeStaffNotices() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: StaffNotices) => unwrap(usersMeStaffNoticesPartialUpdate({ body })),
    onSuccess: (saved) => queries.setQueryData(staffNoticesQuery().queryKey, saved),
  });
}
