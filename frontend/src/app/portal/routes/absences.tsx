import type { RouteObject } from 'react-router';
import { pagesOf } from '@/shared/locale/pages-of';

const page = pagesOf('features/portal-absences', () => import('@/features/portal-absences/locales/en-GB.po'));
const AbsencesPage = page(() => import('@/features/portal-absences/absences-page'), 'AbsencesPage');

export const absencesRoutes: RouteObject[] = [{ path: 'absences', element: <AbsencesPage /> }];
