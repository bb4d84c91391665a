import type { RouteObject } from 'react-router';
import { pagesOf } from '@/shared/locale/pages-of';

const page = pagesOf(
  'features/portal-outside-calendars',
  () => import('@/features/portal-outside-calendars/locales/en-GB.po'),
);
const OutsideCalendarsPage = page(
  () => import('@/features/portal-outside-calendars/outside-calendars-page'),
  'OutsideCalendarsPage',
);

export const outsideCalendarsRoutes: RouteObject[] = [
  { path: 'outside-calendars', element: <OutsideCalendarsPage /> },
];
