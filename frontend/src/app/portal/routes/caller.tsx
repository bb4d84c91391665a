import type { RouteObject } from 'react-router';

export const callerRoutes: RouteObject[] = [];
