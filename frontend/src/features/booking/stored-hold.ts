import type { Place, Slot } from '@/shared/api/types';
import { deleteDraft, readDraft, saveDraft } from '@/shared/session/draft';

const NAME = 'hold';

/** The slot, visit type and patient that a hold is for. */
export interface HoldTarget {
  slot: Slot;
  visitType: string | null;
  /** Id of a dependant; null for the user. */
  patient: string | null;
}

export interface StoredHold extends HoldTarget {
  id: string;
  place: Place | null;
  /** ISO 8601, by the server's clock. */
  heldUntil: string;
  /** The same by this device's clock, which may be wrong (milliseconds since 1970). */
  endsAt: number;
}

/** The current or last hold of this tab. */
export function readHold(): StoredHold | null {
  const held = readDraft<StoredHold>(NAME);
  return held.id ? (held as StoredHold) : null;
}

export const saveHold = (held: StoredHold) => saveDraft(NAME, held);

export const deleteHold = () => deleteDraft(NAME);

export function holdForSlot(slotId: string): StoredHold | null {
  const held = readHold();
  return held?.slot.id === slotId ? held : null;
}

export const isHoldFor = (held: StoredHold | null, { slot, visitType, patient }: HoldTarget): boolean =>
  held?.slot.id === slot.id && held.visitType === visitType && held.patient === patient;

export const isActive = (held: StoredHold | null): held is StoredHold =>
  held !== null && held.endsAt > Date.now();
