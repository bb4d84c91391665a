import { HttpResponse, http } from 'msw';
import { beforeEach, expect, test } from 'vitest';
import { authProfileRetrieve } from '@/gen';
import { unwrap } from '@/shared/api/client';
import { isSignedIn, refreshToken, startSession } from '@/shared/session/session';
import { user } from '../factories';
import { ok, refused, server, url } from '../server';

let exchanges: string[] = [];

/** An API that accepts only the tokens of the first exchange, and each refresh token once. */
beforeEach(() => {
  exchanges = [];
  server.use(
    http.get(url('auth/profile/'), ({ request }) =>
      request.headers.get('Authorization') === 'Bearer access-2'
        ? ok(user())
        : refused(401, { code: 'token_not_valid' }),
    ),
    http.post(url('auth/refresh/'), async ({ request }) => {
      const { refresh } = (await request.json()) as { refresh: string };
      exchanges.push(refresh);
      if (refresh !== 'refresh-1' || exchanges.length > 1) return refused(401, { code: 'token_not_valid' });
      return ok({ access: 'access-2', refresh: 'refresh-2' });
    }),
  );
});

const readUser = () => unwrap(authProfileRetrieve());

test('many requests with an old access token share one exchange and all succeed', async () => {
  startSession({ access: 'access-1', refresh: 'refresh-1' });

  const answers = await Promise.all(Array.from({ length: 16 }, readUser));

  expect(answers).toEqual(Array.from({ length: 16 }, () => user()));
  expect(exchanges).toEqual(['refresh-1']);
  expect(refreshToken()).toBe('refresh-2');
});

test('after a page load the session goes on from the refresh token alone', async () => {
  sessionStorage.setItem('session', 'refresh-1');

  await readUser();

  expect(exchanges).toEqual(['refresh-1']);
});

test('a refresh token that is no longer accepted ends the session', async () => {
  startSession({ access: 'access-1', refresh: 'used-up' });

  await expect(readUser()).rejects.toMatchObject({ status: 401, code: 'session_over' });

  expect(isSignedIn()).toBe(false);
});

test('a connection that fails while renewing keeps the session', async () => {
  server.use(http.post(url('auth/refresh/'), () => HttpResponse.error()));
  startSession({ access: 'access-1', refresh: 'refresh-1' });

  await expect(readUser()).rejects.toMatchObject({ status: 0, code: 'offline' });

  expect(isSignedIn()).toBe(true);
});
