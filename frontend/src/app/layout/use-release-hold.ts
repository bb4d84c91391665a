import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useLocation } from 'react-router';
import { releaseHold } from '@/features/booking/release-hold';
import { readHold } from '@/features/booking/stored-hold';

/** Pages outside the booking flow. Signing in and the profile page are part of it. */
const OUTSIDE_BOOKING = /^\/(doctors|appointments|waiting-list)?(\/|$)/;

/** Releases the held time when the user leaves the booking flow. */
export function useReleaseHold(): void {
  const queries = useQueryClient();
  const { pathname } = useLocation();
  useEffect(() => {
    if (!OUTSIDE_BOOKING.test(pathname) || !readHold()) return;
    releaseHold().then(() => queries.invalidateQueries({ queryKey: ['open-slots'] }));
  }, [pathname, queries]);
}
