import { useLingui } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import type { User } from '@/shared/api/types';
import { QueryView } from '@/shared/ui/query-view';
import { useUser } from './get-user';
import { NotAPatient } from './staff-notice';

/** A page of patients: others are told where their own pages are. */
export function OnlyForPatients({ children }: { children: (user: User) => ReactNode }) {
  const { t } = useLingui();
  return (
    <QueryView page query={useUser()} loading={t`Looking up your details…`}>
      {(user) => (user.role === 'patient' ? children(user) : <NotAPatient user={user} />)}
    </QueryView>
  );
}
