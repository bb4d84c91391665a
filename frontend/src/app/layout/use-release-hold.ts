import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useLocation } from 'react-router';
import { releaseHold } from '@/features/booking/release-hold';
import { readHold } from '@/features/booking/stored-hold';

/** Pages on which nobody fills in the form of a booking any more; signing in and one's details are on its way. */
const ELSEWHERE = /^\/(doctors|appointments|waiting-list)?(\/|$)/;

/** Who goes back to the times gives back the one that was held for them. */
export function useLetGoOfHold(): void {
  const queries = useQueryClient();
  const { pathname } = useLocation();
  useEffect(() => {
    if (!ELSEWHERE.test(pathname) || !readHold()) return;
    releaseHold().then(() => queries.invalidateQueries({ queryKey: ['open-slots'] }));
  }, [pathname, queries]);
}
