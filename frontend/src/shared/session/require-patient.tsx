import { useLingui } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import type { User } from '@/shared/api/types';
import { QueryView } from '@/shared/ui/query-view';
import { useUser } from './get-user';
import { StaffNotice } from './staff-notice';

/** Renders its children for patients. Shows staff the links to their own pages. */
export function RequirePatient({ children }: { children: (user: User) => ReactNode }) {
  const { t } = useLingui();
  return (
    <QueryView page query={useUser()} loading={t`Loading your details…`}>
      {(user) => (user.role === 'patient' ? children(user) : <StaffNotice />)}
    </QueryView>
  );
}
