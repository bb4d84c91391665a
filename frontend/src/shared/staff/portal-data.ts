import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { MINE } from '@/shared/session/get-user';

/** The first part of the query key of everything the portal shows. It is removed on sign-out. */
export const PORTAL = [MINE, 'portal'] as const;

/** Returns a function that reads again what the portal shows, to be called after each change. */
export function useRefreshPortal(): () => Promise<void> {
  const queries = useQueryClient();
  return useCallback(() => queries.invalidateQueries({ queryKey: PORTAL }), [queries]);
}
