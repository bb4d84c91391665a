/** What to do if a file of the app cannot be loaded: after a new release the old files are gone. */

const RELOADED_AT = 'reloaded-at';
const PAUSE_MS = 60_000;
const TIMEOUT_MS = 10_000;

let isMissing = false;

export function noteMissingFile(): void {
  isMissing = true;
}

/**
 * Reloads the page if a file is missing and the server answers, once a minute at most: a file that is blocked
 * would be missing again, and without a connection a reload would leave the site.
 *
 * @returns whether the page is being reloaded
 */
export async function reloadForMissingFile(): Promise<boolean> {
  const wasReloaded = Date.now() - Number(sessionStorage.getItem(RELOADED_AT)) < PAUSE_MS;
  if (!isMissing || wasReloaded || !(await serverAnswers())) return false;
  sessionStorage.setItem(RELOADED_AT, String(Date.now()));
  window.location.reload();
  return true;
}

export async function serverAnswers(): Promise<boolean> {
  const options: RequestInit = { cache: 'no-store', signal: AbortSignal.timeout(TIMEOUT_MS) };
  return fetch(new URL('/health/live', window.location.origin), options).then(
    ({ ok }) => ok,
    () => false,
  );
}
