import { ApiError } from '@/shared/api/api-error';
import { renewTokens, type Tokens } from './renew-tokens';

const STORAGE_KEY = 'session';

let access: string | null = null;
let renewing: Promise<string> | null = null;
const listeners = new Set<() => void>();

function announce(): void {
  for (const listener of listeners) listener();
}

export function refreshToken(): string | null {
  return sessionStorage.getItem(STORAGE_KEY);
}

export function isSignedIn(): boolean {
  return refreshToken() !== null;
}

export function onSessionChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function startSession(tokens: Tokens): void {
  access = tokens.access;
  sessionStorage.setItem(STORAGE_KEY, tokens.refresh);
  announce();
}

export function endSession(): void {
  access = null;
  sessionStorage.removeItem(STORAGE_KEY);
  announce();
}

/** The token to send; after a page load there is none yet, and one is fetched. */
export async function accessToken(): Promise<string | undefined> {
  if (access) return access;
  return isSignedIn() ? renewSession(null) : undefined;
}

/**
 * Exchanges the refresh token, which works once: simultaneous callers share one exchange, and a caller
 * whose `refused` token was replaced meanwhile gets the newer one.
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
  const refresh = refreshToken();
  const tokens = refresh ? await renewTokens(refresh) : null;
  if (!tokens) {
    endSession();
    throw new ApiError(401, 'session_over', '');
  }
  startSession(tokens);
  return tokens.access;
}
