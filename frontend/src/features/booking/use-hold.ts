import { useEffect, useRef, useState } from 'react';
import { isApiError } from '@/shared/api/api-error';
import { useCreateHold } from './create-hold';
import { endHold } from './release-hold';
import { holdOf, isFor, isLive, readHold, type Wish } from './stored-hold';

const PATIENCE_MS = 3000;

/** Holds the time while somebody fills in the form. Where that does not work they can book it all the same. */
export function useHold(wish: Wish, { enabled }: { enabled: boolean }) {
  const [held, setHeld] = useState(() => holdOf(wish.slot.id));
  const { mutateAsync, isPending, error } = useCreateHold();
  const sending = useRef(new AbortController());
  const sent = useRef<Promise<unknown>>(Promise.resolve());
  const asked = useRef(false);

  const hold = (renew: boolean) => {
    const { signal } = sending.current;
    sent.current = mutateAsync({ wish, renew, signal }).then(setHeld, () => setHeld(readHold()));
  };

  useEffect(() => {
    if (!enabled || asked.current) return;
    asked.current = true;
    if (!isFor(held, wish)) hold(false);
  });

  return {
    held: isFor(held, wish) ? held : null,
    again: () => hold(true),
    busy: isPending,
    error,
    /** Somebody else has the time. */
    taken: isApiError(error, 'slot_taken') ? error : null,
    /** Another reason why it cannot be booked, as the server will say again when it is. */
    refusal: isApiError(error) && isRefusal(error.status) && error.code !== 'slot_taken' ? error : null,
    /** The hold to be booked, as long as it lasts; one just asked for is waited for, but not long. */
    take: async (): Promise<string | undefined> => {
      await Promise.race([sent.current, new Promise((done) => setTimeout(done, PATIENCE_MS))]);
      sending.current.abort();
      sending.current = new AbortController();
      const kept = readHold();
      if (isFor(kept, wish)) return isLive(kept) ? kept.id : undefined;
      // What is held for somebody else of the family would be in the way.
      if (kept && kept.patient !== wish.patient) await endHold(kept);
    },
  };
}

export type Holding = ReturnType<typeof useHold>;

const isRefusal = (status: number) => [400, 404, 409, 422].includes(status);
