import { keepPreviousData, queryOptions, useMutation } from '@tanstack/react-query';
import {
  appointmentsWaitlistCreate,
  appointmentsWaitlistDestroy,
  appointmentsWaitlistOffersWithdrawCreate,
  type WaitlistInputRequest,
} from '@/gen';
import { portalWaitlistList, portalWaitlistOfferCreate } from '@/gen/portal.gen';
import { unwrap } from '@/shared/api/client';
import { PORTAL, useRefreshPortal } from '@/shared/staff/portal-data';

export interface WaitlistFilters {
  q?: string;
  doctor?: string;
  specialty?: string;
  status?: 'waiting' | 'offered';
  page: number;
}

export const WAITLIST_PAGE = 25;

/** A page of the waiting list. Empty filters are left out. */
export const waitlistQuery = (filters: WaitlistFilters) =>
  queryOptions({
    queryKey: [...PORTAL, 'waitlist', filters],
    queryFn: ({ signal }) => {
      const given = Object.entries({ ...filters, page_size: WAITLIST_PAGE }).filter(([, value]) => value);
      return unwrap(portalWaitlistList({ query: Object.fromEntries(given), signal }));
    },
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
  });

export function useAddEntry() {
  const onSuccess = useRefreshPortal();
  return useMutation({
    mutationFn: (body: WaitlistInputRequest) => unwrap(appointmentsWaitlistCreate({ body })),
    onSuccess,
  });
}

export function useRemoveEntry() {
  const onSuccess = useRefreshPortal();
  return useMutation({
    mutationFn: (entry: string) => unwrap(appointmentsWaitlistDestroy({ path: { entry_id: entry } })),
    onSuccess,
  });
}

export function useOfferTime(entry: string) {
  const onSuccess = useRefreshPortal();
  return useMutation({
    mutationFn: (slot: string) =>
      unwrap(portalWaitlistOfferCreate({ path: { entry_id: entry }, body: { slot } })),
    onSuccess,
  });
}

export function useWithdrawOffer() {
  const onSuccess = useRefreshPortal();
  return useMutation({
    mutationFn: (offer: string) =>
      unwrap(appointmentsWaitlistOffersWithdrawCreate({ path: { offer_id: offer } })),
    onSuccess,
  });
}
