import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { MINE } from '@/shared/session/get-user';
import { useSignedIn } from '@/shared/session/use-session';

/** What was read as one person must not be seen by the next. */
export function useForgetOnSignOut(): void {
  const queries = useQueryClient();
  const signedIn = useSignedIn();
  useEffect(() => {
    if (!signedIn) queries.removeQueries({ queryKey: [MINE] });
  }, [signedIn, queries]);
}
