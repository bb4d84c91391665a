import { Navigate, Outlet, useLocation } from 'react-router';
import { signInPath } from '@/shared/paths/return-path';
import { useSignedIn } from './use-session';

/** Pages for signed-in users. Others sign in first and return. */
export function RequireSession() {
  const location = useLocation();
  const signedIn = useSignedIn();
  if (!signedIn) return <Navigate replace to={signInPath(location)} />;
  return <Outlet />;
}
