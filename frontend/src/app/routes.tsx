import { lazy, Suspense } from 'react';
import { Route, Routes } from 'react-router';
import { pagesOf } from '@/shared/locale/pages-of';
import { RequireSession } from '@/shared/session/require-session';
import { Loading } from '@/shared/ui/loading';
import { Layout } from './layout/layout';

const appointmentsPage = pagesOf(
  'features/appointments',
  () => import('@/features/appointments/locales/en-GB.po'),
);
const bookingPage = pagesOf('features/booking', () => import('@/features/booking/locales/en-GB.po'));
const findTexts = ['features/find-a-time', () => import('@/features/find-a-time/locales/en-GB.po')] as const;
const findPage = pagesOf(...findTexts);
const homePage = pagesOf('features/home', () => import('@/features/home/locales/en-GB.po'));
const portalPage = pagesOf('app/portal', () => import('./portal/locales/en-GB.po'));

const HomePage = homePage(() => import('@/features/home/home-page'), 'HomePage');
const LegalPage = homePage(() => import('@/features/home/legal-page'), 'LegalPage');
const DetailsPage = bookingPage(() => import('@/features/booking/details-page'), 'DetailsPage');
const CodePage = bookingPage(() => import('@/features/booking/code-page'), 'CodePage');
const CheckPage = bookingPage(() => import('@/features/booking/check-page'), 'CheckPage');
const Portal = portalPage(() => import('./portal/portal'), 'Portal');
const AppointmentPage = appointmentsPage(
  () => import('@/features/appointments/appointment-page'),
  'AppointmentPage',
);
const DoctorsPage = findPage(() => import('@/features/find-a-time/doctors-page'), 'DoctorsPage');
const DoctorPage = findPage(() => import('@/features/find-a-time/doctor-page'), 'DoctorPage');
const FirstAvailablePage = findPage(
  () => import('@/features/find-a-time/first-available-page'),
  'FirstAvailablePage',
);
// Their list would be a part of the first page.
const OtherPages = lazy(async () => ({ default: (await import('./other-pages')).OtherPages }));

/** Every state of the app has its own URL. */
export function AppRoutes() {
  return (
    <Suspense fallback={<Loading />}>
      <Routes>
        <Route path="portal/*" element={<Portal />} />
        <Route
          path="*"
          element={
            <Layout>
              <PagesOfABooking />
            </Layout>
          }
        />
      </Routes>
    </Suspense>
  );
}

/** The pages on the way from the home page to a booked appointment. */
function PagesOfABooking() {
  return (
    <Routes>
      <Route index element={<HomePage />} />
      {['privacy', 'accessibility', 'terms'].map((path) => (
        <Route key={path} path={path} element={<LegalPage />} />
      ))}
      <Route path="doctors" element={<DoctorsPage />} />
      <Route path="doctors/:id" element={<DoctorPage />} />
      <Route path="first-available" element={<FirstAvailablePage />} />
      <Route path="booking/:slotId" element={<DetailsPage />} />
      <Route path="booking/:slotId/code" element={<CodePage />} />
      <Route element={<RequireSession />}>
        <Route path="booking/:slotId/check" element={<CheckPage />} />
        <Route path="appointments/:id" element={<AppointmentPage />} />
      </Route>
      <Route path="*" element={<OtherPages />} />
    </Routes>
  );
}
