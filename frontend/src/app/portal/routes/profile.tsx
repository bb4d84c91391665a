import { Navigate, type RouteObject } from 'react-router';
import { pagesOf } from '@/shared/locale/pages-of';

const accountPage = pagesOf('features/account', () => import('@/features/account/locales/en-GB.po'));
const feedPage = pagesOf('features/calendar', () => import('@/features/calendar/locales/en-GB.po'));
const profilePage = pagesOf(
  'features/portal-profile',
  () => import('@/features/portal-profile/locales/en-GB.po'),
);

const ProfilePage = profilePage(() => import('@/features/portal-profile/profile-page'), 'ProfilePage');
const BookablePage = profilePage(() => import('@/features/portal-profile/bookable-page'), 'BookablePage');
const SettingsPage = profilePage(() => import('@/features/portal-profile/settings-page'), 'SettingsPage');
const NoticesPage = accountPage(() => import('@/features/account/staff-notices-page'), 'StaffNoticesPage');
const PasswordPage = accountPage(
  () => import('@/features/account/change-password-page'),
  'ChangePasswordPage',
);
const SecondFactorPage = accountPage(
  () => import('@/features/account/second-factor-page'),
  'SecondFactorPage',
);
const SessionsPage = accountPage(() => import('@/features/account/sessions-page'), 'SessionsPage');
const EmailPage = accountPage(() => import('@/features/account/change-email-page'), 'ChangeEmailPage');
const FeedsPage = feedPage(() => import('@/features/calendar/calendar-page'), 'CalendarPage');

export const profileRoutes: RouteObject[] = [
  { path: 'profile', element: <ProfilePage /> },
  { path: 'bookable', element: <BookablePage /> },
  { path: 'settings', element: <SettingsPage /> },
  { path: 'settings/notices', element: <NoticesPage /> },
  { path: 'settings/password', element: <PasswordPage /> },
  { path: 'settings/second-step', element: <SecondFactorPage /> },
  { path: 'settings/devices', element: <SessionsPage /> },
  { path: 'settings/email', element: <EmailPage /> },
  { path: 'settings/calendar-links', element: <FeedsPage /> },
  // Former addresses below /profile
  { path: 'settings/sessions', element: <Navigate replace to="/portal/settings/devices" /> },
  { path: 'settings/calendar', element: <Navigate replace to="/portal/settings/calendar-links" /> },
  { path: 'settings/outside-calendars', element: <Navigate replace to="/portal/outside-calendars" /> },
];
