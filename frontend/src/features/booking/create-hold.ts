import { useMutation, useMutationState } from '@tanstack/react-query';
import { appointmentsHoldsCreate } from '@/gen';
import { unwrap } from '@/shared/api/client';
import type { Slot } from '@/shared/api/types';
import { endHold } from './release-hold';
import { type HeldTime, isFor, isLive, keepHold, readHold, type Wish } from './stored-hold';

interface HoldRequest {
  wish: Wish;
  /** Whether what is held already is to be held as long once more. */
  renew: boolean;
  signal: AbortSignal;
}

const HOLDING = ['hold'];

/** Keeps a time for some minutes. */
export function useCreateHold() {
  return useMutation({
    mutationKey: HOLDING,
    // One after the other, whichever step asks: two of one family would be in each other's way.
    scope: { id: 'hold' },
    mutationFn: async ({ wish, renew, signal }: HoldRequest): Promise<HeldTime> => {
      const { slot, visitType, patient } = wish;
      const before = readHold();
      if (!renew && isFor(before, wish) && isLive(before)) return before;
      // The server ends what the same patient held, and nothing else.
      if (before && before.patient !== patient) await endHold(before);
      const body = {
        slot: slot.id,
        ...(visitType && { visit_type: visitType }),
        ...(patient && { patient }),
      };
      const call = appointmentsHoldsCreate({ body, signal });
      const { id, place, held_until: heldUntil } = await unwrap(call);
      const { response } = await call;
      const held = { ...wish, id, place, heldUntil, endsAt: Date.parse(heldUntil) - ahead(response) };
      keepHold(held);
      return held;
    },
  });
}

/** The slot, if a hold of it was asked for and not answered yet: others may see it as taken already. */
export function useSlotBeingHeld(slotId: string): Slot | undefined {
  const asked = useMutationState({
    filters: { mutationKey: HOLDING, status: 'pending' },
    select: ({ state }) => (state.variables as HoldRequest).wish.slot,
  });
  return asked.find(({ id }) => id === slotId);
}

/** By how much the server's clock is ahead of this one's, in ms. */
function ahead(response: Response | undefined): number {
  const there = Date.parse(response?.headers.get('Date') ?? '');
  return Number.isNaN(there) ? 0 : there - Date.now();
}
