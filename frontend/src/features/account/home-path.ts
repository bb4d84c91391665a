import type { User } from '@/shared/api/types';

/** The page to open after signing in, when the user did not come from another page. */
export const homePath = ({ role }: Pick<User, 'role'>) => (role === 'patient' ? '/appointments' : '/portal');
