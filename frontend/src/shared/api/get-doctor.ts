import { queryOptions } from '@tanstack/react-query';
import { usersDoctorsRetrieve } from '@/gen';
import { unwrap } from './client';

export const doctorQuery = (id: string) =>
  queryOptions({
    queryKey: ['doctors', 'one', id],
    queryFn: ({ signal }) => unwrap(usersDoctorsRetrieve({ path: { doctor_id: id }, signal })),
    staleTime: 60_000,
  });
