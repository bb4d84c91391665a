import { useEffect, useRef, useState } from 'react';
import { useSearchParams } from 'react-router';
import type { Slot } from '@/shared/api/types';

/**
 * The chosen slot, also stored in the URL so that going back restores it. If a reload shows that it is no
 * longer open, it is returned as `taken` until another slot is chosen.
 */
export function useChosenSlot(slots: Slot[] | undefined) {
  const [params, setParams] = useSearchParams();
  const [id, setId] = useState(params.get('slot'));
  const [taken, setTaken] = useState<Slot | null>(null);
  const chosen = slots?.find((slot) => slot.id === id) ?? null;
  const lastSeen = useRef<Slot | null>(null);

  const choose = (slot: Slot | null) => {
    setId(slot?.id ?? null);
    const next = new URLSearchParams(params);
    if (slot) next.set('slot', slot.id);
    else next.delete('slot');
    setParams(next, { replace: true, preventScrollReset: true });
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: runs only when the slots were reloaded or another one is chosen
  useEffect(() => {
    if (chosen) {
      lastSeen.current = chosen;
      setTaken(null);
    } else if (slots && id && lastSeen.current?.id === id) {
      // With any doctor, the same time may now be with another doctor.
      const sameSlot = slots.find((slot) => sameTime(slot, lastSeen.current));
      if (!sameSlot) setTaken(lastSeen.current);
      choose(sameSlot ?? null);
    }
  }, [slots, chosen]);

  return { chosen, taken, choose };
}

const sameTime = (one: Slot, other: Slot | null) =>
  one.starts_at === other?.starts_at && one.place === other.place;
