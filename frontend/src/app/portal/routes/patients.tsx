import type { RouteObject } from 'react-router';
import { pagesOf } from '@/shared/locale/pages-of';

const patientsPage = pagesOf(
  'features/portal-patients',
  () => import('@/features/portal-patients/locales/en-GB.po'),
);

const PatientsPage = patientsPage(() => import('@/features/portal-patients/patients-page'), 'PatientsPage');
const PatientPage = patientsPage(() => import('@/features/portal-patients/patient-page'), 'PatientPage');
const mergePage = pagesOf('features/portal-merge', () => import('@/features/portal-merge/locales/en-GB.po'));
const MergePage = mergePage(() => import('@/features/portal-merge/merge-page'), 'MergePage');

export const patientsRoutes: RouteObject[] = [
  { path: 'patients', element: <PatientsPage /> },
  { path: 'patients/:id', element: <PatientPage /> },
  { path: 'patients/:id/merge', element: <MergePage /> },
];
