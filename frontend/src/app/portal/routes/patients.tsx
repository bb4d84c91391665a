import type { RouteObject } from 'react-router';

export const patientsRoutes: RouteObject[] = [];
