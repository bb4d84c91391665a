import type { QueryClient } from '@tanstack/react-query';
import type { User } from '@/shared/api/types';
import { MINE } from './get-user';
import { startSession } from './session';

interface NewSession {
  access: string;
  user: Pick<User, 'id'>;
}

/** Starts a session and clears the cached data of the user who was signed in before. */
export function startUserSession(queries: QueryClient, { access, user }: NewSession): void {
  queries.removeQueries({ queryKey: [MINE] });
  startSession(access, user.id);
}
