import { createContext, useContext } from 'react';
import type { User } from '@/shared/api/types';

const StaffContext = createContext<User | null>(null);

export const StaffProvider = StaffContext.Provider;

/** The signed-in member of staff, on the pages of the portal. */
export function useStaff(): User {
  const user = useContext(StaffContext);
  if (!user) throw new Error('useStaff outside the portal');
  return user;
}

/** Whether the user works at the front desk: receptionists and clinic admins. */
export const isFrontDesk = ({ role }: Pick<User, 'role'>) => role === 'receptionist' || role === 'admin';
