import { Navigate, Outlet, useLocation } from 'react-router';
import { signInPath } from '@/shared/paths/return-path';
import { useSignedIn } from './use-session';

/** Pages of a person: who is not signed in goes to the sign-in page and comes back. */
export function RequireSession() {
  const location = useLocation();
  const signedIn = useSignedIn();
  if (!signedIn) return <Navigate replace to={signInPath(location)} />;
  return <Outlet />;
}
