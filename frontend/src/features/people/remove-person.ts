import { useMutation, useQueryClient } from '@tanstack/react-query';
import { usersDependantsDestroy } from '@/gen/patient.gen';
import { unwrap } from '@/shared/api/client';
import { dependantQuery, dependantsQuery } from '@/shared/session/dependants';
import { MINE } from '@/shared/session/get-user';

export function useRemovePerson(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(usersDependantsDestroy({ path: { dependant_id: id } })),
    onSuccess: () => {
      queries.removeQueries({ queryKey: dependantQuery(id).queryKey });
      queries.removeQueries({ queryKey: [MINE, 'bookings'] });
      return queries.invalidateQueries({ queryKey: dependantsQuery().queryKey });
    },
  });
}
