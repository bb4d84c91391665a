import { appointmentsHoldsDestroy } from '@/gen';
import { unwrap } from '@/shared/api/client';
import { dropHold, isLive, readHold } from './hold-record';

/** Gives the held time back; where that fails it comes free by itself. */
export async function releaseHold(): Promise<void> {
  const held = readHold();
  dropHold();
  if (isLive(held)) await unwrap(appointmentsHoldsDestroy({ path: { hold_id: held.id } })).catch(() => null);
}
