import { useLingui } from '@lingui/react/macro';
import { Suspense, useEffect } from 'react';
import { Navigate, type RouteObject, useLocation, useRoutes } from 'react-router';
import { signInPath } from '@/shared/paths/return-path';
import { useUser } from '@/shared/session/get-user';
import { useSignedIn } from '@/shared/session/use-session';
import { Announcements } from '@/shared/staff/announcements';
import { StaffProvider } from '@/shared/staff/staff-context';
import { Loading } from '@/shared/ui/loading';
import { QueryView } from '@/shared/ui/query-view';
import { PatientNotice } from './patient-notice';
import { PortalLayout } from './portal-layout';
import { PortalNotFound } from './portal-not-found';
import { absencesRoutes } from './routes/absences';
import { bookingRoutes } from './routes/booking';
import { calendarRoutes } from './routes/calendar';
import { callerRoutes } from './routes/caller';
import { homeRoutes } from './routes/home';
import { hoursRoutes } from './routes/hours';
import { movingRoutes } from './routes/moving';
import { outsideCalendarsRoutes } from './routes/outside-calendars';
import { patientsRoutes } from './routes/patients';
import { profileRoutes } from './routes/profile';
import '@/styles/portal.scss';

const ROUTES: RouteObject[] = [
  ...homeRoutes,
  ...calendarRoutes,
  ...bookingRoutes,
  ...movingRoutes,
  ...callerRoutes,
  ...patientsRoutes,
  ...hoursRoutes,
  ...absencesRoutes,
  ...profileRoutes,
  ...outsideCalendarsRoutes,
  { path: '*', element: <PortalNotFound /> },
];

/** Staff read English. A page for patients may have been loaded in another language before. */
function reloadInEnglish() {
  if (!document.documentElement.lang.startsWith('en')) window.location.reload();
}

/** The portal of doctors, receptionists and clinic admins. */
export function Portal() {
  const { t } = useLingui();
  const location = useLocation();
  const signedIn = useSignedIn();
  const user = useUser();
  useEffect(reloadInEnglish, []);
  if (!signedIn) return <Navigate replace to={signInPath(location)} />;
  return (
    <QueryView page query={user} loading={t`Loading your details…`}>
      {(staff) =>
        staff.role === 'patient' ? (
          <PatientNotice />
        ) : (
          <StaffProvider value={staff}>
            <Announcements>
              <PortalLayout>
                <Suspense fallback={<Loading />}>
                  <PortalRoutes />
                </Suspense>
              </PortalLayout>
            </Announcements>
          </StaffProvider>
        )
      }
    </QueryView>
  );
}

const PortalRoutes = () => useRoutes(ROUTES);
