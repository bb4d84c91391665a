import { useEffect, useRef, useState } from 'react';
import { isApiError } from '@/shared/api/api-error';
import { useCreateHold } from './create-hold';
import { holdOf, isFor, isLive, readHold, type Wish } from './hold-record';

/** Holds the time while somebody fills in the form. Where that does not work they can book it all the same. */
export function useHold(wish: Wish, { enabled }: { enabled: boolean }) {
  const [held, setHeld] = useState(() => holdOf(wish.slot.id));
  const { mutateAsync, isPending, error } = useCreateHold();
  const sending = useRef<AbortController | null>(null);
  const asked = useRef(false);

  const hold = async () => {
    sending.current = new AbortController();
    const { signal } = sending.current;
    await mutateAsync({ wish, signal }).then(setHeld, () => !signal.aborted && setHeld(readHold()));
  };

  useEffect(() => {
    if (!enabled || asked.current) return;
    asked.current = true;
    if (!isFor(held, wish)) hold();
  });

  return {
    held: isFor(held, wish) ? held : null,
    again: hold,
    busy: isPending,
    error,
    /** Somebody else has the time. */
    taken: isApiError(error, 'slot_taken') ? error : null,
    /** Another reason why it cannot be booked, as the server will say again when it is. */
    refusal: isApiError(error) && isRefusal(error.status) && error.code !== 'slot_taken' ? error : null,
    /** The hold to be booked, as long as it lasts; one that is asked for just now comes too late. */
    take: (): string | undefined => {
      sending.current?.abort();
      const kept = readHold();
      return isFor(kept, wish) && isLive(kept) ? kept.id : undefined;
    },
  };
}

export type Holding = ReturnType<typeof useHold>;

const isRefusal = (status: number) => [400, 404, 409, 422].includes(status);
