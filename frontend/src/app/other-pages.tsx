import { lazy } from 'react';
import { Navigate, Route, Routes } from 'react-router';
import { pagesOf, withTexts } from '@/shared/locale/pages-of';
import { RequireSession } from '@/shared/session/require-session';
import { NotFoundPage } from '@/shared/ui/not-found-page';
import { ServerPage } from './server-page';
import { useStaffAddress } from './staff-addresses';

const accountPage = pagesOf('features/account', () => import('@/features/account/locales/en-GB.po'));
const appointmentsPage = pagesOf(
  'features/appointments',
  () => import('@/features/appointments/locales/en-GB.po'),
);
const calendarPage = pagesOf('features/calendar', () => import('@/features/calendar/locales/en-GB.po'));
const findTexts = ['features/find-a-time', () => import('@/features/find-a-time/locales/en-GB.po')] as const;
const myDataPage = pagesOf('features/my-data', () => import('@/features/my-data/locales/en-GB.po'));
const peoplePage = pagesOf('features/people', () => import('@/features/people/locales/en-GB.po'));
const SignInPage = accountPage(() => import('@/features/account/sign-in-page'), 'SignInPage');
const RegisterPage = accountPage(() => import('@/features/account/register-page'), 'RegisterPage');
const ForgotPasswordPage = accountPage(
  () => import('@/features/account/forgot-password-page'),
  'ForgotPasswordPage',
);
const ResetPasswordPage = accountPage(
  () => import('@/features/account/reset-password-page'),
  'ResetPasswordPage',
);
const ChangePasswordPage = accountPage(
  () => import('@/features/account/change-password-page'),
  'ChangePasswordPage',
);
const SecondFactorPage = accountPage(
  () => import('@/features/account/second-factor-page'),
  'SecondFactorPage',
);
const InvitationPage = accountPage(() => import('@/features/account/invitation-page'), 'InvitationPage');
const SessionsPage = accountPage(() => import('@/features/account/sessions-page'), 'SessionsPage');
const NotificationsPage = accountPage(
  () => import('@/features/account/notifications-page'),
  'NotificationsPage',
);
const ChangeEmailPage = accountPage(() => import('@/features/account/change-email-page'), 'ChangeEmailPage');
const ConfirmEmailPage = accountPage(
  () => import('@/features/account/confirm-email-page'),
  'ConfirmEmailPage',
);
const VerifyEmailPage = accountPage(() => import('@/features/account/verify-email-page'), 'VerifyEmailPage');
const ProfilePage = accountPage(() => import('@/features/account/profile-page'), 'ProfilePage');
const AppointmentsPage = appointmentsPage(
  () => import('@/features/appointments/appointments-page'),
  'AppointmentsPage',
);
// It has a time picker.
const ReschedulePage = appointmentsPage(
  withTexts(...findTexts, () => import('@/features/appointments/reschedule/reschedule-page')),
  'ReschedulePage',
);
const ConfirmReschedulePage = appointmentsPage(
  () => import('@/features/appointments/reschedule/confirm-reschedule-page'),
  'ConfirmReschedulePage',
);
const JoinWaitingListPage = appointmentsPage(
  () => import('@/features/appointments/waiting-list/join-waiting-list-page'),
  'JoinWaitingListPage',
);
const AcceptOfferPage = appointmentsPage(
  () => import('@/features/appointments/waiting-list/accept-offer-page'),
  'AcceptOfferPage',
);
const CancelPage = appointmentsPage(() => import('@/features/appointments/cancel-page'), 'CancelPage');
const CheckInPage = appointmentsPage(() => import('@/features/appointments/check-in-page'), 'CheckInPage');
const CalendarPage = calendarPage(() => import('@/features/calendar/calendar-page'), 'CalendarPage');
// For signed-in patients only. Its texts are in the main catalogue.
const WithVerifyEmailNotice = lazy(async () => ({
  default: (await import('./layout/verify-email-notice')).WithVerifyEmailNotice,
}));
const PeoplePage = peoplePage(() => import('@/features/people/people-page'), 'PeoplePage');
const AddPersonPage = peoplePage(() => import('@/features/people/person-page'), 'AddPersonPage');
const ChangePersonPage = peoplePage(() => import('@/features/people/person-page'), 'ChangePersonPage');
const RemovePersonPage = peoplePage(() => import('@/features/people/remove-person-page'), 'RemovePersonPage');
const MyDataPage = myDataPage(() => import('@/features/my-data/my-data-page'), 'MyDataPage');
const PrintMyDataPage = myDataPage(() => import('@/features/my-data/print-page'), 'PrintMyDataPage');
const CloseAccountPage = myDataPage(
  () => import('@/features/my-data/close-account-page'),
  'CloseAccountPage',
);

/** The pages about accounts and appointments, and those that do not exist. */
export function OtherPages() {
  const moved = useStaffAddress();
  if (moved) return <Navigate replace to={moved} />;
  return (
    <Routes>
      <Route path="sign-in/code?" element={<SignInPage />} />
      <Route path="register" element={<RegisterPage />} />
      <Route path="forgot-password" element={<ForgotPasswordPage />} />
      <Route path="reset-password" element={<ResetPasswordPage />} />
      <Route path="invitation" element={<InvitationPage />} />
      <Route path="confirm-email" element={<ConfirmEmailPage />} />
      <Route path="verify-email" element={<VerifyEmailPage />} />
      <Route path="profile/data/close" element={<CloseAccountPage />} />
      <Route element={<RequireSession />}>
        <Route element={<WithVerifyEmailNotice />}>
          <Route path="appointments" element={<AppointmentsPage />} />
          <Route path="profile" element={<ProfilePage />} />
        </Route>
        <Route path="appointments/:id/move" element={<ReschedulePage />} />
        <Route path="appointments/:id/move/:slotId" element={<ConfirmReschedulePage />} />
        <Route path="appointments/:id/cancel" element={<CancelPage />} />
        <Route path="appointments/:id/repeat" element={<ServerPage />} />
        <Route path="check-in" element={<CheckInPage />} />
        <Route path="waiting-list" element={<JoinWaitingListPage />} />
        <Route path="waiting-list/:id/accept" element={<AcceptOfferPage />} />
        <Route path="profile/calendar" element={<CalendarPage />} />
        <Route path="profile/notifications" element={<NotificationsPage />} />
        <Route path="profile/sessions" element={<SessionsPage />} />
        <Route path="profile/email" element={<ChangeEmailPage />} />
        <Route path="profile/password" element={<ChangePasswordPage />} />
        <Route path="profile/second-step" element={<SecondFactorPage />} />
        <Route path="profile/people" element={<PeoplePage />} />
        <Route path="profile/people/new" element={<AddPersonPage />} />
        <Route path="profile/people/:id" element={<ChangePersonPage />} />
        <Route path="profile/people/:id/remove" element={<RemovePersonPage />} />
        <Route path="profile/data" element={<MyDataPage />} />
        <Route path="profile/data/print" element={<PrintMyDataPage />} />
      </Route>
      <Route path="*" element={<NotFoundPage />} />
    </Routes>
  );
}
