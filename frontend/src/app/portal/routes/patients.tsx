import type { RouteObject } from 'react-router';
import { pagesOf } from '@/shared/locale/pages-of';

const mergePage = pagesOf(
  () => import('@/features/portal-merge/locales/en-GB.po'),
  () => import('@/features/portal-merge/locales/en-US.po?overrides'),
);
const MergePage = mergePage(() => import('@/features/portal-merge/merge-page'), 'MergePage');

export const patientsRoutes: RouteObject[] = [{ path: 'patients/:id/merge', element: <MergePage /> }];
