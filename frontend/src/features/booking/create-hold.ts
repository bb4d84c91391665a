import { useMutation } from '@tanstack/react-query';
import { appointmentsHoldsCreate } from '@/gen';
import { unwrap } from '@/shared/api/client';
import { type HeldTime, keepHold, readHold, type Wish } from './hold-record';
import { releaseHold } from './release-hold';

/** Keeps a time for some minutes. Held again, it is kept as long once more. */
export function useCreateHold() {
  return useMutation({
    mutationFn: async ({ wish, signal }: { wish: Wish; signal: AbortSignal }): Promise<HeldTime> => {
      const { slot, visitType, patient } = wish;
      // The server ends what the same patient held; what somebody else of the family held is in the way.
      if (readHold() && readHold()?.patient !== patient) await releaseHold();
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

/** By how much the server's clock is ahead of this one's, in ms. */
function ahead(response: Response | undefined): number {
  const there = Date.parse(response?.headers.get('Date') ?? '');
  return Number.isNaN(there) ? 0 : there - Date.now();
}
