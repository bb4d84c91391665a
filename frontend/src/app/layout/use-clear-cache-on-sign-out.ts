import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { MINE } from '@/shared/session/get-user';
import { useSignedIn } from '@/shared/session/use-session';

/** Removes the user's cached data when they sign out, so that the next user cannot see it. */
export function useClearCacheOnSignOut(): void {
  const queries = useQueryClient();
  const signedIn = useSignedIn();
  useEffect(() => {
    if (!signedIn) queries.removeQueries({ queryKey: [MINE] });
  }, [signedIn, queries]);
}
