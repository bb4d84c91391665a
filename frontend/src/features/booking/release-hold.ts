import { appointmentsHoldsDestroy } from '@/gen';
import { unwrap } from '@/shared/api/client';
import { deleteHold, isActive, readHold, type StoredHold, saveHold } from './stored-hold';

/** Releases the hold. If that fails, it expires on the server. */
export async function releaseHold(): Promise<void> {
  const held = readHold();
  deleteHold();
  await deleteOnServer(held);
}

/** Releases the hold but keeps its record: the slot may be missing from a list loaded before. */
export async function expireHold(held: StoredHold): Promise<void> {
  saveHold({ ...held, endsAt: 0 });
  await deleteOnServer(held);
}

async function deleteOnServer(held: StoredHold | null): Promise<void> {
  if (isActive(held))
    await unwrap(appointmentsHoldsDestroy({ path: { hold_id: held.id } })).catch(() => null);
}
