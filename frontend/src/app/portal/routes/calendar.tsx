import type { RouteObject } from 'react-router';
import { pagesOf } from '@/shared/locale/pages-of';
import { bookingPanelRoute } from './booking';

const calendarPage = pagesOf(
  'features/portal-calendar',
  () => import('@/features/portal-calendar/locales/en-GB.po'),
);

const CalendarPage = calendarPage(() => import('@/features/portal-calendar/calendar-page'), 'CalendarPage');

// A booking's panel is a child, so that the calendar stays as it is when one opens.
export const calendarRoutes: RouteObject[] = [
  { path: 'calendar', element: <CalendarPage />, children: [bookingPanelRoute] },
];
