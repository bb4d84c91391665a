import { useLocation } from 'react-router';
import { useUser } from '@/shared/session/get-user';

/** Where the pages of staff are in the portal, by their former address, which old emails and bookmarks have. */
const MOVED: Record<string, string> = {
  '/schedule': '/portal/calendar',
  '/appointments': '/portal',
  '/profile': '/portal/settings',
  '/profile/notices': '/portal/settings/notices',
  '/profile/calendar': '/portal/settings/calendar-links',
  '/profile/sessions': '/portal/settings/devices',
  '/profile/email': '/portal/settings/email',
  '/profile/password': '/portal/settings/password',
  '/profile/second-step': '/portal/settings/second-step',
};
/** Addresses that patients never had. */
const ONLY_STAFF = ['/schedule', '/profile/notices'];

/** The portal's address of a page that is no longer here for the user; undefined if it is. */
export function useStaffAddress(): string | undefined {
  const { pathname, search, hash } = useLocation();
  const { data: user } = useUser();
  const path = pathname.replace(/(.)\/+$/, '$1');
  const isStaff = user ? user.role !== 'patient' : ONLY_STAFF.includes(path);
  const moved = MOVED[path];
  return isStaff && moved ? moved + search + hash : undefined;
}
