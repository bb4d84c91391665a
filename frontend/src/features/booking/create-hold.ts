import { useMutation, useMutationState } from '@tanstack/react-query';
import { appointmentsHoldsCreate } from '@/gen';
import { unwrap } from '@/shared/api/client';
import type { Slot } from '@/shared/api/types';
import { expireHold } from './release-hold';
import { type HoldTarget, isActive, isHoldFor, readHold, type StoredHold, saveHold } from './stored-hold';

interface HoldRequest {
  target: HoldTarget;
  /** Extend the current hold. */
  renew: boolean;
  signal: AbortSignal;
}

const HOLD_KEY = ['hold'];

/** Holds a slot for some minutes. */
export function useCreateHold() {
  return useMutation({
    mutationKey: HOLD_KEY,
    // One request at a time: two holds of the same family would conflict.
    scope: { id: 'hold' },
    mutationFn: async ({ target, renew, signal }: HoldRequest): Promise<StoredHold> => {
      const { slot, visitType, patient } = target;
      const before = readHold();
      if (!renew && isHoldFor(before, target) && isActive(before)) return before;
      // The server replaces holds of the same patient only.
      if (before && before.patient !== patient) await expireHold(before);
      const body = {
        slot: slot.id,
        ...(visitType && { visit_type: visitType }),
        ...(patient && { patient }),
      };
      const call = appointmentsHoldsCreate({ body, signal });
      const { id, place, held_until: heldUntil } = await unwrap(call);
      const { response } = await call;
      const held = { ...target, id, place, heldUntil, endsAt: Date.parse(heldUntil) - clockOffset(response) };
      saveHold(held);
      return held;
    },
  });
}

/** Returns the slot while a request to hold it is pending. It may already be missing from the open slots. */
export function useSlotBeingHeld(slotId: string): Slot | undefined {
  const pending = useMutationState({
    filters: { mutationKey: HOLD_KEY, status: 'pending' },
    select: ({ state }) => (state.variables as HoldRequest).target.slot,
  });
  return pending.find(({ id }) => id === slotId);
}

/** How far the server's clock is ahead of this device, in milliseconds. */
function clockOffset(response: Response | undefined): number {
  const there = Date.parse(response?.headers.get('Date') ?? '');
  return Number.isNaN(there) ? 0 : there - Date.now();
}
