import type { User } from '@/shared/api/types';

/** The page to open after signing in, when the user did not come from another page. */
export function homePath({ role }: Pick<User, 'role'>): string {
  return role === 'doctor' ? '/schedule' : '/appointments';
}
