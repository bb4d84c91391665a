import type { QueryClient } from '@tanstack/react-query';
import type { User } from '@/shared/api/types';
import { userQuery } from '@/shared/session/get-user';
import { startSession } from '@/shared/session/session';

interface NewSession {
  user: User;
  access: string;
  refresh: string;
}

/** Begins a session with what signing in and registering answer alike. */
export function welcome(queries: QueryClient, { user, ...tokens }: NewSession): void {
  queries.setQueryData(userQuery().queryKey, user);
  startSession(tokens);
}

/** Where somebody goes who was not on the way to something. */
export function homeOf(user: User): string {
  return { patient: '/appointments', doctor: '/schedule', admin: '/appointments' }[user.role];
}
