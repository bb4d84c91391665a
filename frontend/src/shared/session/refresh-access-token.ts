import { readFailure } from '@/shared/api/api-error';
import { sendRequest } from '@/shared/api/send-request';

/** How long another tab, or this one before it was loaded again, may need to keep the cookie it was given. */
const WAIT_MS = 1000;

/**
 * The next access token, for the cookie that only the browser sees. The cookie works once, so tabs take turns;
 * where they cannot, or a page was left in the middle of it, the one refused tries once more with what the
 * other was given.
 *
 * @returns null when the server no longer accepts the cookie
 */
export async function renewAccess(): Promise<string | null> {
  const renewed = await inTurn(exchange);
  if (renewed) return renewed;
  await wait();
  return inTurn(exchange);
}

function inTurn<T>(act: () => Promise<T>): Promise<T> {
  // Only where the page came over https (or from this machine) does the browser have locks.
  return navigator.locks ? navigator.locks.request('session', act) : act();
}

const wait = () => new Promise((resolve) => setTimeout(resolve, WAIT_MS));

/** Not through the generated client, whose requests wait for this one. */
async function exchange(): Promise<string | null> {
  const url = new URL('/api/auth/refresh/', window.location.origin);
  const headers = { 'X-Session': 'cookie' };
  // Kept alive: a page that is left must not lose the cookie that takes the place of the one it used up.
  const response = await sendRequest(new Request(url, { method: 'POST', headers, keepalive: true }));
  if (response.status === 401) return null;
  if (!response.ok) throw await readFailure(response);
  return (await response.json()).data.access;
}
