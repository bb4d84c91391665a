import { useEffect, useRef, useState } from 'react';
import { isApiError } from '@/shared/api/api-error';
import { useCreateHold } from './create-hold';
import { expireHold } from './release-hold';
import { type HoldTarget, holdForSlot, isActive, isHoldFor, readHold } from './stored-hold';

const MAX_WAIT_MS = 3000;

interface HoldOptions {
  enabled: boolean;
  /** Ask the server for the end of the hold although this tab knows one. */
  renew?: boolean;
}

/** Holds the slot while the user fills in the form. If that fails, they can still book it. */
export function useHold(target: HoldTarget, { enabled, renew = false }: HoldOptions) {
  const [held, setHeld] = useState(() => holdForSlot(target.slot.id));
  const { mutateAsync, isPending, error } = useCreateHold();
  const sending = useRef(new AbortController());
  const sent = useRef<Promise<unknown>>(Promise.resolve());
  const requested = useRef(false);

  const hold = (renew: boolean) => {
    const { signal } = sending.current;
    sent.current = mutateAsync({ target, renew, signal }).then(setHeld, () => setHeld(readHold()));
  };

  useEffect(() => {
    if (!enabled || requested.current) return;
    requested.current = true;
    if (renew || !isHoldFor(held, target)) hold(renew);
  });

  return {
    held: isHoldFor(held, target) ? held : null,
    extend: () => hold(true),
    busy: isPending,
    error,
    /** Set when somebody else has the slot. */
    takenError: isApiError(error, 'slot_taken') ? error : null,
    /** Set when the slot cannot be booked for another reason. Booking it fails with the same error. */
    refusalError:
      isApiError(error) && isRefusalStatus(error.status) && error.code !== 'slot_taken' ? error : null,
    /** Returns the id of the hold, if it is active. Waits up to 3 seconds for a pending request. */
    getHoldId: async (): Promise<string | undefined> => {
      await Promise.race([sent.current, new Promise((done) => setTimeout(done, MAX_WAIT_MS))]);
      sending.current.abort();
      sending.current = new AbortController();
      const stored = readHold();
      if (isHoldFor(stored, target)) return isActive(stored) ? stored.id : undefined;
      // A hold for another patient of the family would conflict with this booking.
      if (stored && stored.patient !== target.patient) await expireHold(stored);
    },
  };
}

export type HoldState = ReturnType<typeof useHold>;

const isRefusalStatus = (status: number) => [400, 404, 409, 422].includes(status);
