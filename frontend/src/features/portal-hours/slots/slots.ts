import { queryOptions, useMutation } from '@tanstack/react-query';
import type { SeveralSlotsInputRequest } from '@/gen';
import {
  appointmentsAvailabilityCreate,
  appointmentsSlotsDestroy,
  appointmentsSlotsPartialUpdate,
  appointmentsSlotsRestoreCreate,
  portalSlotsList,
} from '@/gen/portal.gen';
import { unwrap } from '@/shared/api/client';
import { PORTAL, useRefreshPortal } from '@/shared/staff/portal-data';

export type SlotKind = 'added' | 'blocked' | 'removed';

/** The coming slots that staff added, blocked or removed: the first hundred. */
export const changedSlotsQuery = (doctor: string | undefined, kind: SlotKind) =>
  queryOptions({
    queryKey: [...PORTAL, 'changed-slots', doctor ?? 'own', kind],
    queryFn: ({ signal }) => unwrap(portalSlotsList({ query: { doctor, kind, page_size: 100 }, signal })),
  });

export function useAddSlots() {
  const refresh = useRefreshPortal();
  return useMutation({
    mutationFn: (body: SeveralSlotsInputRequest) => unwrap(appointmentsAvailabilityCreate({ body })),
    onSuccess: refresh,
  });
}

/** Removes a slot. Its time stays without slots until it is offered again. */
export function useRemoveSlot() {
  const refresh = useRefreshPortal();
  return useMutation({
    mutationFn: (id: string) => unwrap(appointmentsSlotsDestroy({ path: { slot_id: id } })),
    onSettled: refresh,
  });
}

interface Offer {
  id: string;
  kind: SlotKind;
}

/** Offers a blocked or removed time again. Returns whether patients can book it now. */
export function useOfferAgain() {
  const refresh = useRefreshPortal();
  return useMutation({
    mutationFn: async ({ id, kind }: Offer) => {
      const path = { slot_id: id };
      if (kind === 'removed') return (await unwrap(appointmentsSlotsRestoreCreate({ path }))).length > 0;
      await unwrap(appointmentsSlotsPartialUpdate({ path, body: { status: 'free' } }));
      return true;
    },
    onSettled: refresh,
  });
}
