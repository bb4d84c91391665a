import { ApiError } from '@/shared/api/api-error';
import { dropAllDrafts } from './draft';
import { renewAccess } from './refresh-access-token';

/**
 * The access token is in memory only. The refresh token is a cookie that no script reads, so what remains
 * of a session here is a note of whose it is, which all tabs share: without it no session is looked for.
 */
const STORAGE_KEY = 'signed-in';

let access: string | null = null;
let renewing: Promise<string> | null = null;
/** Who was last signed in in this tab. */
let owner = signedInAs();
const listeners = new Set<() => void>();

function announce(): void {
  for (const listener of listeners) listener();
}

export function signedInAs(): string | null {
  return localStorage.getItem(STORAGE_KEY);
}

export function isSignedIn(): boolean {
  return signedInAs() !== null;
}

export function onSessionChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function startSession(token: string, userId: string): void {
  access = token;
  owner = userId;
  localStorage.setItem(STORAGE_KEY, userId);
  announce();
}

export function endSession(): void {
  access = null;
  localStorage.removeItem(STORAGE_KEY);
  announce();
}

/** Follows what other tabs do: who signs out there is signed out here, and nobody goes on as somebody else. */
export function followOtherTabs(key: string | null): void {
  if (key !== STORAGE_KEY && key !== null) return;
  access = null;
  const now = signedInAs();
  if (now && owner && now !== owner) {
    dropAllDrafts();
    window.location.reload();
  }
  owner = now ?? owner;
  announce();
}

/** The token to send; after a page load there is none yet, and one is fetched. */
export async function accessToken(): Promise<string | undefined> {
  if (access) return access;
  return isSignedIn() ? renewSession(null) : undefined;
}

/**
 * Gets the next access token: simultaneous callers share one exchange, and a caller whose `refused` token was
 * replaced meanwhile gets the newer one.
 *
 * @throws ApiError 401 `session_over` when the session cannot be continued; it is ended then
 */
export async function renewSession(refused: string | null): Promise<string> {
  if (access && access !== refused) return access;
  renewing ??= exchange().finally(() => {
    renewing = null;
  });
  return renewing;
}

async function exchange(): Promise<string> {
  const renewed = isSignedIn() ? await renewAccess() : null;
  if (!renewed || !isSignedIn()) {
    endSession();
    throw new ApiError(401, 'session_over', '');
  }
  access = renewed;
  return renewed;
}
