import type { RouteObject } from 'react-router';
import { pagesOf } from '@/shared/locale/pages-of';

const homePage = pagesOf('features/portal-home', () => import('@/features/portal-home/locales/en-GB.po'));

const HomePage = homePage(() => import('@/features/portal-home/home-page'), 'HomePage');

export const homeRoutes: RouteObject[] = [{ index: true, element: <HomePage /> }];
