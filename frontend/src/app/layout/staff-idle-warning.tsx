import { lazy, Suspense } from 'react';
import { useUser } from '@/shared/session/get-user';
import { useSignedIn } from '@/shared/session/use-session';

/** Patients stay signed in, so they do not load this. */
const IdleWarning = lazy(async () => ({ default: (await import('./idle-warning')).IdleWarning }));

export function StaffIdleWarning() {
  return useSignedIn() ? <WarningForStaff /> : null;
}

function WarningForStaff() {
  const { data: user } = useUser();
  if (!user || user.role === 'patient') return null;
  return (
    <Suspense fallback={null}>
      <IdleWarning key={user.id} />
    </Suspense>
  );
}
