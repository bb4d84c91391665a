import type { RouteObject } from 'react-router';
import { pagesOf } from '@/shared/locale/pages-of';

const page = pagesOf('features/portal-caller', () => import('@/features/portal-caller/locales/en-GB.po'));
const NewBookingPage = page(() => import('@/features/portal-caller/new-booking-page'), 'NewBookingPage');
const WaitingListPage = page(
  () => import('@/features/portal-caller/waiting-list/waiting-list-page'),
  'WaitingListPage',
);

export const callerRoutes: RouteObject[] = [
  { path: 'new', element: <NewBookingPage /> },
  { path: 'waiting-list', element: <WaitingListPage /> },
];
