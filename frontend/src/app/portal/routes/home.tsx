import type { RouteObject } from 'react-router';
import { pagesOf } from '@/shared/locale/pages-of';

const homePage = pagesOf(
  () => import('@/features/portal-home/locales/en-GB.po'),
  () => import('@/features/portal-home/locales/en-US.po?overrides'),
);

const HomePage = homePage(() => import('@/features/portal-home/home-page'), 'HomePage');

export const homeRoutes: RouteObject[] = [{ index: true, element: <HomePage /> }];
