import { readFailure } from '@/shared/api/api-error';
import { sendRequest } from '@/shared/api/send-request';

/** How long another tab may need to store its new cookie. */
const WAIT_MS = 1000;

/**
 * Exchanges the refresh cookie for an access token. The cookie works once, so tabs use a lock. Without a
 * lock, or if a page was closed during the exchange, the second attempt uses the cookie that the other tab
 * received.
 *
 * @returns null if the server no longer accepts the cookie
 */
export async function refreshAccessToken(): Promise<string | null> {
  const renewed = await withSessionLock(requestToken);
  if (renewed) return renewed;
  await wait();
  return withSessionLock(requestToken);
}

function withSessionLock<T>(callback: () => Promise<T>): Promise<T> {
  // The Web Locks API needs https or localhost.
  return navigator.locks ? navigator.locks.request('session', callback) : callback();
}

const wait = () => new Promise((resolve) => setTimeout(resolve, WAIT_MS));

/** Does not use the generated client, because its requests wait for this one. */
async function requestToken(): Promise<string | null> {
  const url = new URL('/api/auth/refresh/', window.location.origin);
  const headers = { 'X-Session': 'cookie' };
  // keepalive: the new cookie must arrive even if the page is closed.
  const response = await sendRequest(new Request(url, { method: 'POST', headers, keepalive: true }));
  if (response.status === 401) return null;
  if (!response.ok) throw await readFailure(response);
  return (await response.json()).data.access;
}
