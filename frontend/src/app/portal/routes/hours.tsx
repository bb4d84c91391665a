import type { RouteObject } from 'react-router';
import { pagesOf } from '@/shared/locale/pages-of';

const page = pagesOf('features/portal-hours', () => import('@/features/portal-hours/locales/en-GB.po'));

const HoursPage = page(() => import('@/features/portal-hours/hours/hours-page'), 'HoursPage');
const DaysPage = page(() => import('@/features/portal-hours/days/days-page'), 'DaysPage');
const TimeOffPage = page(() => import('@/features/portal-hours/time-off/time-off-page'), 'TimeOffPage');
const NewTimeOffPage = page(
  () => import('@/features/portal-hours/time-off/new-time-off-page'),
  'NewTimeOffPage',
);
const RemoveTimeOffPage = page(
  () => import('@/features/portal-hours/time-off/remove-time-off-page'),
  'RemoveTimeOffPage',
);
const SlotsPage = page(() => import('@/features/portal-hours/slots/slots-page'), 'SlotsPage');
const DoctorsPage = page(() => import('@/features/portal-hours/doctors/doctors-page'), 'DoctorsPage');
const DoctorPage = page(() => import('@/features/portal-hours/doctors/doctor-page'), 'DoctorPage');

export const hoursRoutes: RouteObject[] = [
  { path: 'hours', element: <HoursPage /> },
  { path: 'hours/days', element: <DaysPage /> },
  { path: 'time-off', element: <TimeOffPage /> },
  { path: 'time-off/new', element: <NewTimeOffPage /> },
  { path: 'time-off/:id/remove', element: <RemoveTimeOffPage /> },
  { path: 'slots', element: <SlotsPage /> },
  { path: 'doctors', element: <DoctorsPage /> },
  { path: 'doctors/:id', element: <DoctorPage /> },
];
