import type { RouteObject } from 'react-router';
import { pagesOf } from '@/shared/locale/pages-of';

const page = pagesOf('features/portal-booking', () => import('@/features/portal-booking/locales/en-GB.po'));
const BookingPage = page(() => import('@/features/portal-booking/booking-panel'), 'BookingPage');
const BookingPanel = page(() => import('@/features/portal-booking/booking-panel'), 'BookingPanel');

export const bookingRoutes: RouteObject[] = [{ path: 'bookings/:id', element: <BookingPage /> }];

/** The panel next to the calendar: a child of the calendar's route. */
export const bookingPanelRoute: RouteObject = { path: 'bookings/:id', element: <BookingPanel /> };
