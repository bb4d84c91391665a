import { authSessionsActivityCreate, authSessionsActivityRetrieve } from '@/gen';
import { unwrap } from '@/shared/api/client';
import { endSession } from './session';

/**
 * The server ends a session of staff after a time without input. Local storage holds the end as this device's
 * time, shared by all tabs, so that input in one tab keeps the others signed in.
 */
const ENDS_AT = 'session-ends-at';
/** Set in the tab in which a session has ended, for the sign-in page. */
const WAS_IDLE = 'session-was-idle';

/** The milliseconds until the session ends; Infinity if it is not known. */
export function timeLeft(): number {
  const endsAt = localStorage.getItem(ENDS_AT);
  return endsAt ? Number(endsAt) - Date.now() : Number.POSITIVE_INFINITY;
}

interface Activity {
  seconds_left: number | null;
}

function storeEnd({ seconds_left }: Activity): void {
  if (seconds_left === null) localStorage.removeItem(ENDS_AT);
  else localStorage.setItem(ENDS_AT, String(Date.now() + seconds_left * 1000));
}

/** Asks the server when the session ends, which does not prolong it. */
export async function loadEnd(): Promise<void> {
  storeEnd(await unwrap(authSessionsActivityRetrieve()));
}

/** Reports that a person has used the app. */
export async function reportInput(): Promise<void> {
  storeEnd(await unwrap(authSessionsActivityCreate()));
}

/** Ends the session in this browser, unless the server says that it goes on. Other tabs follow. */
export async function endIfIdle(): Promise<void> {
  sessionStorage.setItem(WAS_IDLE, '1'); // before a refused renewal ends the session
  // If the server does not answer, the session ends here as well: nobody is at this device.
  await loadEnd().catch(() => localStorage.setItem(ENDS_AT, '0'));
  if (timeLeft() > 0) {
    forgetIdle();
    return;
  }
  localStorage.removeItem(ENDS_AT);
  endSession();
}

export function forgetEnd(): void {
  localStorage.removeItem(ENDS_AT);
}

export function wasIdle(): boolean {
  return sessionStorage.getItem(WAS_IDLE) !== null;
}

export function forgetIdle(): void {
  sessionStorage.removeItem(WAS_IDLE);
}
