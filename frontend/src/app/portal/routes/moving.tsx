import type { RouteObject } from 'react-router';
import { pagesOf } from '@/shared/locale/pages-of';

const movePage = pagesOf(
  () => import('@/features/portal-move/locales/en-GB.po'),
  () => import('@/features/portal-move/locales/en-US.po?overrides'),
);

const MovePage = movePage(() => import('@/features/portal-move/move-page'), 'MovePage');

export const movingRoutes: RouteObject[] = [{ path: 'bookings/:id/move', element: <MovePage /> }];
