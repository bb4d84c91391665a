import type { RouteObject } from 'react-router';
import { pagesOf } from '@/shared/locale/pages-of';

const movePage = pagesOf('features/portal-move', () => import('@/features/portal-move/locales/en-GB.po'));

const MovePage = movePage(() => import('@/features/portal-move/move-page'), 'MovePage');

export const movingRoutes: RouteObject[] = [{ path: 'bookings/:id/move', element: <MovePage /> }];
