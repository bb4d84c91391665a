import { useMutation, useQueryClient } from '@tanstack/react-query';
import { authEmailResumeCreate } from '@/gen';
import { unwrap } from '@/shared/api/client';
import { MINE } from '@/shared/session/get-user';

/** Has emails sent to the user's address again, because the user says that it works. */
export function useResumeEmails() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(authEmailResumeCreate()),
    onSuccess: () => queries.invalidateQueries({ queryKey: [MINE] }),
  });
}
