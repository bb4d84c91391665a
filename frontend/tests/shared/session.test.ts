import { HttpResponse, http } from 'msw';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import '@/app/connect-session';
import { authProfileRetrieve } from '@/gen';
import { unwrap } from '@/shared/api/client';
import { accessToken, endSession, followOtherTabs, isSignedIn, startSession } from '@/shared/session/session';
import { user } from '../factories';
import { ok, refused, server, url } from '../server';

let exchanges: (string | null)[] = [];
const over = () => refused(401, { code: 'session_ended' });

/** An API that accepts only the tokens of the first exchange. The cookie is the browser's own business. */
beforeEach(() => {
  exchanges = [];
  server.use(
    http.get(url('auth/profile/'), ({ request }) =>
      request.headers.get('Authorization') === 'Bearer access-2' ? ok(user()) : over(),
    ),
    http.post(url('auth/refresh/'), ({ request }) => {
      exchanges.push(request.headers.get('X-Session'));
      return ok({ access: 'access-2', refresh: null });
    }),
  );
});

afterEach(() => vi.unstubAllGlobals());

const readUser = () => unwrap(authProfileRetrieve());

test('many requests with an old access token share one exchange and all succeed', async () => {
  startSession('access-1', 'user-1');

  const answers = await Promise.all(Array.from({ length: 16 }, readUser));

  expect(answers).toEqual(Array.from({ length: 16 }, () => user()));
  expect(exchanges).toEqual(['cookie']);
});

test('after a page load the session goes on from the cookie alone', async () => {
  localStorage.setItem('signed-in', 'user-1');

  await readUser();

  expect(exchanges).toEqual(['cookie']);
});

test('what a script could read holds no token', async () => {
  startSession('access-1', 'user-1');

  await readUser();

  expect({ ...localStorage, ...sessionStorage }).toEqual({ 'signed-in': 'user-1' });
});

test('a session that is over ends here, after asking twice', async () => {
  let asked = 0;
  server.use(
    http.post(url('auth/refresh/'), () => {
      asked += 1;
      return over();
    }),
  );
  startSession('access-1', 'user-1');

  await expect(readUser()).rejects.toMatchObject({ status: 401, code: 'session_over' });

  expect([asked, isSignedIn()]).toEqual([2, false]);
});

test('a tab that is refused because another was quicker goes on with what the other was given', async () => {
  server.use(http.post(url('auth/refresh/'), over, { once: true }));
  startSession('access-1', 'user-1');

  expect(await readUser()).toEqual(user());
});

test('tabs renew one after the other, where the browser has locks', async () => {
  const asked: string[] = [];
  const request = (name: string, act: () => unknown) => {
    asked.push(name);
    return act();
  };
  vi.stubGlobal('navigator', { ...navigator, locks: { request } });
  startSession('access-1', 'user-1');

  await readUser();

  expect(asked).toEqual(['session']);
});

test('a connection that fails while renewing keeps the session', async () => {
  server.use(http.post(url('auth/refresh/'), () => HttpResponse.error()));
  startSession('access-1', 'user-1');

  await expect(readUser()).rejects.toMatchObject({ status: 0, code: 'offline' });

  expect(isSignedIn()).toBe(true);
});

test('signing out in another tab signs out here', async () => {
  startSession('access-1', 'user-1');

  localStorage.removeItem('signed-in');
  followOtherTabs('signed-in');

  expect([isSignedIn(), await accessToken()]).toEqual([false, undefined]);
});

test('somebody else who signs in in another tab gets nothing that was typed here', () => {
  const reload = vi.fn();
  vi.stubGlobal('location', { ...window.location, reload });
  startSession('access-1', 'user-1');
  sessionStorage.setItem('draft:profile', '{"allergies":"Penicillin"}');

  endSession();
  localStorage.setItem('signed-in', 'user-2');
  followOtherTabs('signed-in');

  expect(sessionStorage.getItem('draft:profile')).toBeNull();
  expect(reload).toHaveBeenCalledOnce();
});
