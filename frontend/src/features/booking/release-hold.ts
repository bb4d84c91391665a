import { appointmentsHoldsDestroy } from '@/gen';
import { unwrap } from '@/shared/api/client';
import { dropHold, type HeldTime, isLive, keepHold, readHold } from './stored-hold';

/** Gives the held time back; where that fails it comes free by itself. */
export async function releaseHold(): Promise<void> {
  const held = readHold();
  dropHold();
  await giveBack(held);
}

/** The same for who goes on with that time: a list read meanwhile may still leave it out, and it is not gone. */
export async function endHold(held: HeldTime): Promise<void> {
  keepHold({ ...held, endsAt: 0 });
  await giveBack(held);
}

async function giveBack(held: HeldTime | null): Promise<void> {
  if (isLive(held)) await unwrap(appointmentsHoldsDestroy({ path: { hold_id: held.id } })).catch(() => null);
}
