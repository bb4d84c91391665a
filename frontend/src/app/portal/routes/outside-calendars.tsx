import type { RouteObject } from 'react-router';
import { pagesOf } from '@/shared/locale/pages-of';

const page = pagesOf(
  () => import('@/features/portal-outside-calendars/locales/en-GB.po'),
  () => import('@/features/portal-outside-calendars/locales/en-US.po?overrides'),
);
const OutsideCalendarsPage = page(
  () => import('@/features/portal-outside-calendars/outside-calendars-page'),
  'OutsideCalendarsPage',
);

export const outsideCalendarsRoutes: RouteObject[] = [
  { path: 'outside-calendars', element: <OutsideCalendarsPage /> },
];
