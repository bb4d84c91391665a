import { useMutation, useMutationState, useQuery } from '@tanstack/react-query';
import { appointmentsHoldsCreate } from '@/gen';
import { isApiError } from '@/shared/api/api-error';
import { unwrap } from '@/shared/api/client';
import type { Hold, Slot } from '@/shared/api/types';
import { MINE, useUser } from '@/shared/session/get-user';
import { useSignedIn } from '@/shared/session/use-session';
import { readBookingDraft } from './booking-draft';
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
      const { hold, endsAt } = await requestHold({ slotId: slot.id, visitType, patient, signal });
      return storeHold(target, hold, endsAt);
    },
  });
}

interface RequestedHold {
  slotId: string;
  visitType: string | null;
  patient: string | null;
  signal: AbortSignal;
}

/** Asks for a hold. If the patient already holds the slot, for example in another tab, that one goes on. */
async function requestHold({ slotId, visitType, patient, signal }: RequestedHold) {
  const body = {
    slot: slotId,
    ...(visitType && { visit_type: visitType }),
    ...(patient && { patient }),
  };
  const call = appointmentsHoldsCreate({ body, signal });
  const hold = await unwrap(call);
  const { response } = await call;
  return { hold, endsAt: Date.parse(hold.held_until) - clockOffset(response) };
}

function storeHold(target: HoldTarget, hold: Hold, endsAt: number): StoredHold {
  const held = { ...target, id: hold.id, place: hold.place, heldUntil: hold.held_until, endsAt };
  saveHold(held);
  return held;
}

/**
 * Looks up a slot that is missing from the open slots: the user may hold it in another tab or on another
 * device. Then that hold goes on here. `slot` is null if somebody else has it.
 */
export function useSlotHeldElsewhere(slotId: string, visitType: string | null, isMissing: boolean) {
  const { patient = null } = readBookingDraft();
  const user = useUser();
  const signedIn = useSignedIn();
  const continued = useQuery({
    queryKey: [MINE, ...HOLD_KEY, slotId, visitType, patient],
    enabled: isMissing && (!signedIn || user.data?.role === 'patient'),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    queryFn: async ({ signal }): Promise<Slot | null> => {
      try {
        const { hold, endsAt } = await requestHold({ slotId, visitType, patient, signal });
        const slot = slotOf(hold, slotId);
        storeHold({ slot, visitType, patient }, hold, endsAt);
        return slot;
      } catch (error) {
        if (isApiError(error)) return null;
        throw error;
      }
    },
  });
  return { slot: continued.data ?? null, isLoading: isMissing && (user.isLoading || continued.isLoading) };
}

/** The slot of a hold, as in the list of open slots. */
function slotOf({ place, doctor, ...times }: Hold, id: string): Slot {
  return { ...times, id, place: place?.id ?? null, doctor: doctor.id, status: 'free' };
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
