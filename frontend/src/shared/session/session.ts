import { ApiError } from '@/shared/api/api-error';
import { deleteAllDrafts } from './draft';
import { refreshAccessToken } from './refresh-access-token';

/**
 * The access token is in memory only. The refresh token is an HTTP-only cookie. Local storage holds the
 * user's id, shared by all tabs: without it there is no session to renew.
 */
const STORAGE_KEY = 'signed-in';
/** The id of the user who has signed out, as opposed to one whose session has expired. */
const SIGNED_OUT = 'signed-out';

let access: string | null = null;
let renewal: Promise<string> | null = null;
/** The id of the last user of this tab. */
let owner = signedInUserId();
const listeners = new Set<() => void>();

function notifyListeners(): void {
  for (const listener of listeners) listener();
}

export function signedInUserId(): string | null {
  return localStorage.getItem(STORAGE_KEY);
}

export function isSignedIn(): boolean {
  return signedInUserId() !== null;
}

export function onSessionChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function startSession(token: string, userId: string): void {
  access = token;
  owner = userId;
  localStorage.removeItem(SIGNED_OUT);
  localStorage.setItem(STORAGE_KEY, userId);
  notifyListeners();
}

/** Uses the session of a user who signed in on a page without the app. The server's page names the user. */
export function adoptSession(userId: string): void {
  if (owner && owner !== userId) deleteAllDrafts();
  owner = userId;
  localStorage.removeItem(SIGNED_OUT);
  localStorage.setItem(STORAGE_KEY, userId);
}

export function endSession(): void {
  access = null;
  localStorage.removeItem(STORAGE_KEY);
  notifyListeners();
}

/** Ends the session because the user wants to: no tab keeps what they typed. */
export function signOut(): void {
  deleteAllDrafts();
  if (owner) localStorage.setItem(SIGNED_OUT, owner);
  endSession();
}

/** Applies a sign-out or a change of user in another tab to this tab. */
export function syncWithOtherTabs(key: string | null): void {
  if (key !== STORAGE_KEY && key !== null) return;
  access = null;
  const now = signedInUserId();
  const hasLeft = now ? now !== owner : localStorage.getItem(SIGNED_OUT) === owner;
  if (owner && hasLeft) {
    deleteAllDrafts();
    // Not a reload: that restores what was typed.
    window.location.replace(window.location.pathname + window.location.search);
  }
  owner = now ?? owner;
  notifyListeners();
}

/** Returns the access token. Requests one after a page load. */
export async function getAccessToken(): Promise<string | undefined> {
  if (access) return access;
  return isSignedIn() ? renewAccessToken(null) : undefined;
}

/**
 * Returns a new access token. Concurrent callers share one request; if the `refused` token was already
 * replaced, returns the newer one.
 *
 * @throws ApiError 401 `session_over` if the session has expired; it is ended then
 */
export async function renewAccessToken(refused: string | null): Promise<string> {
  if (access && access !== refused) return access;
  renewal ??= requestAccessToken().finally(() => {
    renewal = null;
  });
  return renewal;
}

async function requestAccessToken(): Promise<string> {
  const renewed = isSignedIn() ? await refreshAccessToken() : null;
  if (!renewed || !isSignedIn()) {
    endSession();
    throw new ApiError(401, 'session_over', '');
  }
  access = renewed;
  return renewed;
}
