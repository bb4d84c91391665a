import { HttpResponse, http } from 'msw';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import '@/app/connect-session';
import { authProfileRetrieve } from '@/gen';
import { unwrap } from '@/shared/api/client';
import {
  endSession,
  getAccessToken,
  isSignedIn,
  signOut,
  startSession,
  syncWithOtherTabs,
} from '@/shared/session/session';
import { user } from '../factories';
import { skipRenewalDelay } from '../passing-time';
import { ok, refused, server, url } from '../server';

let renewals: (string | null)[] = [];
const sessionEnded = () => refused(401, { code: 'session_ended' });

/** An API that accepts only the second access token. The browser handles the cookie. */
beforeEach(() => {
  renewals = [];
  server.use(
    http.get(url('auth/profile/'), ({ request }) =>
      request.headers.get('Authorization') === 'Bearer access-2' ? ok(user()) : sessionEnded(),
    ),
    http.post(url('auth/refresh/'), ({ request }) => {
      renewals.push(request.headers.get('X-Session'));
      return ok({ access: 'access-2', refresh: null });
    }),
  );
});

afterEach(() => vi.unstubAllGlobals());

const readUser = () => unwrap(authProfileRetrieve());

test('concurrent requests with an expired access token share one renewal and all succeed', async () => {
  startSession('access-1', 'user-1');

  const answers = await Promise.all(Array.from({ length: 16 }, readUser));

  expect(answers).toEqual(Array.from({ length: 16 }, () => user()));
  expect(renewals).toEqual(['cookie']);
});

test('after a page load the session continues with the cookie alone', async () => {
  localStorage.setItem('signed-in', 'user-1');

  await readUser();

  expect(renewals).toEqual(['cookie']);
});

test('no token is stored where a script can read it', async () => {
  startSession('access-1', 'user-1');

  await readUser();

  expect({ ...localStorage, ...sessionStorage }).toEqual({ 'signed-in': 'user-1' });
});

test('an expired session ends after two attempts to renew it', async () => {
  skipRenewalDelay();
  let requests = 0;
  server.use(
    http.post(url('auth/refresh/'), () => {
      requests += 1;
      return sessionEnded();
    }),
  );
  startSession('access-1', 'user-1');

  await expect(readUser()).rejects.toMatchObject({ status: 401, code: 'session_over' });

  expect([requests, isSignedIn()]).toEqual([2, false]);
});

test('a tab whose cookie was used by another tab continues with the new cookie', async () => {
  skipRenewalDelay();
  server.use(http.post(url('auth/refresh/'), sessionEnded, { once: true }));
  startSession('access-1', 'user-1');

  expect(await readUser()).toEqual(user());
});

test('tabs renew the token one at a time if the browser supports locks', async () => {
  const requests: string[] = [];
  const request = (name: string, callback: () => unknown) => {
    requests.push(name);
    return callback();
  };
  vi.stubGlobal('navigator', { ...navigator, locks: { request } });
  startSession('access-1', 'user-1');

  await readUser();

  expect(requests).toEqual(['session']);
});

test('a failed connection during renewal keeps the session', async () => {
  server.use(http.post(url('auth/refresh/'), () => HttpResponse.error()));
  startSession('access-1', 'user-1');

  await expect(readUser()).rejects.toMatchObject({ status: 0, code: 'offline' });

  expect(isSignedIn()).toBe(true);
});

test('signing out in another tab signs out here', async () => {
  startSession('access-1', 'user-1');

  localStorage.removeItem('signed-in');
  syncWithOtherTabs('signed-in');

  expect([isSignedIn(), await getAccessToken()]).toEqual([false, undefined]);
});

test('a change of user in another tab deletes the drafts of this tab', () => {
  const replace = vi.fn();
  vi.stubGlobal('location', { ...window.location, replace });
  startSession('access-1', 'user-1');
  sessionStorage.setItem('draft:profile', '{"allergies":"Penicillin"}');

  endSession();
  localStorage.setItem('signed-in', 'user-2');
  syncWithOtherTabs('signed-in');

  expect(sessionStorage.getItem('draft:profile')).toBeNull();
  expect(replace).toHaveBeenCalledOnce();
});

test.each([
  ['a user who signs out in another tab leaves nothing typed in this one', signOut, null],
  ['an expired session keeps what was typed', endSession, '{"reason":"A cough"}'],
])('%s', (_rule, end, left) => {
  const replace = vi.fn();
  vi.stubGlobal('location', { ...window.location, replace });
  startSession('access-1', 'user-1');

  end();
  sessionStorage.setItem('draft:booking', '{"reason":"A cough"}'); // each tab has its own
  syncWithOtherTabs('signed-in');

  expect(sessionStorage.getItem('draft:booking')).toBe(left);
  expect(replace).toHaveBeenCalledTimes(left ? 0 : 1);
});
