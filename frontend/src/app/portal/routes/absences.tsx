import type { RouteObject } from 'react-router';

export const absencesRoutes: RouteObject[] = [];
