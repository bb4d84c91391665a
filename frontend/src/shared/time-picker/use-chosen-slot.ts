import { useEffect, useRef, useState } from 'react';
import { useSearchParams } from 'react-router';
import type { Slot } from '@/shared/api/types';

/**
 * The time chosen, repeated in the address so that going back finds it again. When a re-read shows that
 * somebody else took it, it comes back as `gone` until another one is chosen.
 */
export function useChosenSlot(slots: Slot[] | undefined) {
  const [params, setParams] = useSearchParams();
  const [id, setId] = useState(params.get('slot'));
  const [gone, setGone] = useState<Slot | null>(null);
  const chosen = slots?.find((slot) => slot.id === id) ?? null;
  const lastSeen = useRef<Slot | null>(null);

  const choose = (slot: Slot | null) => {
    setId(slot?.id ?? null);
    const next = new URLSearchParams(params);
    if (slot) next.set('slot', slot.id);
    else next.delete('slot');
    setParams(next, { replace: true, preventScrollReset: true });
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new reading can take a time away
  useEffect(() => {
    if (chosen) {
      lastSeen.current = chosen;
      setGone(null);
    } else if (slots && id && lastSeen.current?.id === id) {
      // With any doctor, the same time may be another's by now.
      const again = slots.find((slot) => sameTime(slot, lastSeen.current));
      if (!again) setGone(lastSeen.current);
      choose(again ?? null);
    }
  }, [slots, chosen]);

  return { chosen, gone, choose };
}

const sameTime = (one: Slot, other: Slot | null) =>
  one.starts_at === other?.starts_at && one.place === other.place;
