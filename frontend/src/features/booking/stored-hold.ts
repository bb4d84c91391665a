import type { Place, Slot } from '@/shared/api/types';
import { dropDraft, keepDraft, readDraft } from '@/shared/session/draft';

const NAME = 'hold';

/** For what a time is held. */
export interface Wish {
  slot: Slot;
  visitType: string | null;
  /** Of whom one cares for; null for oneself. */
  patient: string | null;
}

export interface HeldTime extends Wish {
  id: string;
  place: Place | null;
  /** As the server says it. */
  heldUntil: string;
  /** The same on the clock of this device, which may be wrong (ms since 1970). */
  endsAt: number;
}

/** The time that this tab holds, or has held last. */
export function readHold(): HeldTime | null {
  const held = readDraft<HeldTime>(NAME);
  return held.id ? (held as HeldTime) : null;
}

export const keepHold = (held: HeldTime) => keepDraft(NAME, held);

export const dropHold = () => dropDraft(NAME);

export function holdOf(slotId: string): HeldTime | null {
  const held = readHold();
  return held?.slot.id === slotId ? held : null;
}

export const isFor = (held: HeldTime | null, { slot, visitType, patient }: Wish): boolean =>
  held?.slot.id === slot.id && held.visitType === visitType && held.patient === patient;

export const isLive = (held: HeldTime | null): held is HeldTime => held !== null && held.endsAt > Date.now();
