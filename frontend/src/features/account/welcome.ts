import type { QueryClient } from '@tanstack/react-query';
import type { User } from '@/shared/api/types';
import { MINE } from '@/shared/session/get-user';
import { startSession } from '@/shared/session/session';

interface NewSession {
  access: string;
  user: Pick<User, 'id'>;
}

/** Begins a session; what was read as somebody else before is forgotten. */
export function welcome(queries: QueryClient, { access, user }: NewSession): void {
  queries.removeQueries({ queryKey: [MINE] });
  startSession(access, user.id);
}

/** Where somebody goes who was not on the way to something. */
export function homeOf({ role }: Pick<User, 'role'>): string {
  return role === 'doctor' ? '/schedule' : '/appointments';
}
