import type { RouteObject } from 'react-router';

export const outsideCalendarsRoutes: RouteObject[] = [];
