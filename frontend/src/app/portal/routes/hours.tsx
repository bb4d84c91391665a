import type { RouteObject } from 'react-router';

export const hoursRoutes: RouteObject[] = [];
