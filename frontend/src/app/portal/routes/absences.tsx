import type { RouteObject } from 'react-router';
import { pagesOf } from '@/shared/locale/pages-of';

const page = pagesOf(
  () => import('@/features/portal-absences/locales/en-GB.po'),
  () => import('@/features/portal-absences/locales/en-US.po?overrides'),
);
const AbsencesPage = page(() => import('@/features/portal-absences/absences-page'), 'AbsencesPage');

export const absencesRoutes: RouteObject[] = [{ path: 'absences', element: <AbsencesPage /> }];
