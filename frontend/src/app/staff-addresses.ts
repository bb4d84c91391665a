import { useLocation } from 'react-router';
import { useUser } from '@/shared/session/get-user';

/** Addresses that only staff had, in old emails and bookmarks. */
const ONLY_STAFF = /^\/(schedule|profile\/notices)$/;

/** The portal's address of a page that is no longer here for the user; undefined if it is. */
export function useStaffAddress(): string | undefined {
  const { pathname, search, hash } = useLocation();
  const { data: user } = useUser();
  if (user ? user.role === 'patient' : !ONLY_STAFF.test(pathname)) return;
  const moved = pathname
    .replace(/^\/schedule\/?$/, '/portal/calendar')
    .replace(/^\/appointments\/?$/, '/portal')
    .replace(/^\/profile(?=\/|$)/, '/portal/settings');
  return moved === pathname ? undefined : moved + search + hash;
}
