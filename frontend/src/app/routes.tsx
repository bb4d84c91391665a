import { lazy, Suspense } from 'react';
import { Route, Routes } from 'react-router';
import { WithConfirmNotice } from '@/features/account/confirm-notice';
import { DoctorsPage } from '@/features/doctors/doctors-page';
import { DoctorPage } from '@/features/times/doctor-page';
import { RequireSession } from '@/shared/session/require-session';
import { Loading } from '@/shared/ui/loading';
import { NotFoundPage } from './not-found-page';

const page = <Name extends string>(load: () => Promise<Record<Name, () => React.ReactNode>>, name: Name) =>
  lazy(async () => ({ default: (await load())[name] }));

const DetailsPage = page(() => import('@/features/booking/details-page'), 'DetailsPage');
const CheckPage = page(() => import('@/features/booking/check-page'), 'CheckPage');
const SignInPage = page(() => import('@/features/account/sign-in-page'), 'SignInPage');
const RegisterPage = page(() => import('@/features/account/register-page'), 'RegisterPage');
const ForgotPasswordPage = page(
  () => import('@/features/account/forgot-password-page'),
  'ForgotPasswordPage',
);
const ResetPasswordPage = page(() => import('@/features/account/reset-password-page'), 'ResetPasswordPage');
const ChangePasswordPage = page(
  () => import('@/features/account/change-password-page'),
  'ChangePasswordPage',
);
const SecondStepPage = page(
  () => import('@/features/account/second-step/second-step-page'),
  'SecondStepPage',
);
const InvitationPage = page(() => import('@/features/account/invitation-page'), 'InvitationPage');
const SessionsPage = page(() => import('@/features/account/sessions-page'), 'SessionsPage');
const VerifyEmailPage = page(() => import('@/features/account/verify-email-page'), 'VerifyEmailPage');
const ProfilePage = page(() => import('@/features/account/profile-page'), 'ProfilePage');
const AppointmentsPage = page(() => import('@/features/appointments/appointments-page'), 'AppointmentsPage');
const AppointmentPage = page(() => import('@/features/appointments/appointment-page'), 'AppointmentPage');
const MovePage = page(() => import('@/features/appointments/move/move-page'), 'MovePage');
const ConfirmMovePage = page(
  () => import('@/features/appointments/move/confirm-move-page'),
  'ConfirmMovePage',
);
const JoinWaitingPage = page(() => import('@/features/appointments/waiting/join-page'), 'JoinWaitingPage');
const AcceptOfferPage = page(() => import('@/features/appointments/waiting/accept-page'), 'AcceptOfferPage');
const CancelPage = page(() => import('@/features/appointments/cancel-page'), 'CancelPage');
const SchedulePage = page(() => import('@/features/schedule/schedule-page'), 'SchedulePage');
const PeoplePage = page(() => import('@/features/people/people-page'), 'PeoplePage');
const AddPersonPage = page(() => import('@/features/people/person-page'), 'AddPersonPage');
const ChangePersonPage = page(() => import('@/features/people/person-page'), 'ChangePersonPage');
const RemovePersonPage = page(() => import('@/features/people/remove-person-page'), 'RemovePersonPage');
const MyDataPage = page(() => import('@/features/my-data/my-data-page'), 'MyDataPage');
const PrintMyDataPage = page(() => import('@/features/my-data/print-page'), 'PrintMyDataPage');
const CloseAccountPage = page(() => import('@/features/my-data/close-account-page'), 'CloseAccountPage');

/** Every state of the app is one of these addresses. */
export function AppRoutes() {
  return (
    <Suspense fallback={<Loading />}>
      <Routes>
        <Route index element={<DoctorsPage />} />
        <Route path="doctors" element={<DoctorsPage />} />
        <Route path="doctors/:id" element={<DoctorPage />} />
        <Route path="booking/:slotId" element={<DetailsPage />} />
        <Route path="sign-in" element={<SignInPage />} />
        <Route path="register" element={<RegisterPage />} />
        <Route path="forgot-password" element={<ForgotPasswordPage />} />
        <Route path="reset-password" element={<ResetPasswordPage />} />
        <Route path="invitation" element={<InvitationPage />} />
        <Route path="verify-email" element={<VerifyEmailPage />} />
        <Route path="profile/data/close" element={<CloseAccountPage />} />
        <Route element={<RequireSession />}>
          <Route path="booking/:slotId/check" element={<CheckPage />} />
          <Route element={<WithConfirmNotice />}>
            <Route path="appointments" element={<AppointmentsPage />} />
            <Route path="profile" element={<ProfilePage />} />
          </Route>
          <Route path="appointments/:id" element={<AppointmentPage />} />
          <Route path="appointments/:id/move" element={<MovePage />} />
          <Route path="appointments/:id/move/:slotId" element={<ConfirmMovePage />} />
          <Route path="appointments/:id/cancel" element={<CancelPage />} />
          <Route path="waiting-list" element={<JoinWaitingPage />} />
          <Route path="waiting-list/:id/accept" element={<AcceptOfferPage />} />
          <Route path="profile/sessions" element={<SessionsPage />} />
          <Route path="profile/password" element={<ChangePasswordPage />} />
          <Route path="profile/second-step" element={<SecondStepPage />} />
          <Route path="profile/people" element={<PeoplePage />} />
          <Route path="profile/people/new" element={<AddPersonPage />} />
          <Route path="profile/people/:id" element={<ChangePersonPage />} />
          <Route path="profile/people/:id/remove" element={<RemovePersonPage />} />
          <Route path="profile/data" element={<MyDataPage />} />
          <Route path="profile/data/print" element={<PrintMyDataPage />} />
          <Route path="schedule" element={<SchedulePage />} />
        </Route>
        <Route path="*" element={<NotFoundPage />} />
      </Routes>
    </Suspense>
  );
}
