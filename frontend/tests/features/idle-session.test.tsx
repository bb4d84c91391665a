import { act, screen, waitFor } from '@testing-library/react';
import { http } from 'msw';
import { beforeEach, expect, test } from 'vitest';
import { isSignedIn } from '@/shared/session/session';
import { user } from '../factories';
import { passTime } from '../passing-time';
import { ok, refused, server, url } from '../server';
import { signedIn, visit } from '../visit';

const MINUTE = 60_000;
let reports = 0;
let secondsLeft = 1800;

/** A server that ends the session after half an hour without reported input. */
beforeEach(() => {
  reports = 0;
  secondsLeft = 1800;
  signedIn();
  server.use(
    http.get(url('auth/profile/'), () => ok(user({ role: 'admin' }))),
    http.get(url('auth/sessions/activity/'), () =>
      secondsLeft > 0
        ? ok({ idle_minutes: 30, ends_at: null, seconds_left: secondsLeft })
        : refused(401, { code: 'session_ended' }),
    ),
    http.post(url('auth/sessions/activity/'), () => {
      reports += 1;
      return ok({ idle_minutes: 30, ends_at: null, seconds_left: 1800 });
    }),
    http.post(url('auth/refresh/'), () => refused(401, { code: 'session_over' })),
  );
});

const wait = (ms: number) => act(() => passTime(ms));

/** Opens a page and waits until the app knows when the session ends. */
async function open(path = '/profile') {
  const page = visit(path);
  await screen.findByRole('link', { name: 'Admin site' });
  await waitFor(() => expect(localStorage.getItem('session-ends-at')).not.toBeNull());
  return page;
}

test('input is reported at most once a minute, and not without input', async () => {
  const { person } = await open();
  await wait(5 * MINUTE);
  expect(reports).toBe(0);

  for (let count = 0; count < 5; count += 1) {
    await person.keyboard('a');
    await wait(10_000);
  }
  await waitFor(() => expect(reports).toBe(1));
  await wait(MINUTE);

  await waitFor(() => expect(reports).toBe(2));
});

test('staff are warned two minutes before they are signed out, and can stay signed in', async () => {
  const { person } = await open();
  await wait(27 * MINUTE);
  expect(screen.queryByRole('dialog')).not.toBeInTheDocument();

  await wait(MINUTE + 1000);
  expect(await screen.findByRole('dialog', { name: 'You will be signed out in 2 minutes' })).toBeVisible();
  await person.click(screen.getByRole('button', { name: 'Stay signed in' }));

  await waitFor(() => expect(reports).toBe(1));
  await wait(1000);
  expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
});

test('staff who do not answer are signed out and see the reason', async () => {
  await open();
  secondsLeft = 0;

  await wait(30 * MINUTE + 1000);

  expect(await screen.findByText('You were signed out because there was no activity.')).toBeVisible();
  expect(isSignedIn()).toBe(false);
});

test('input in another tab keeps this tab signed in', async () => {
  await open();
  await wait(28 * MINUTE + 1000);
  expect(screen.getByRole('dialog')).toBeVisible();

  localStorage.setItem('session-ends-at', String(Date.now() + 30 * MINUTE));
  await wait(1000);

  expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
  expect([isSignedIn(), reports]).toEqual([true, 0]);
});

test('patients are neither asked nor signed out', async () => {
  server.use(http.get(url('auth/profile/'), () => ok(user())));
  visit('/appointments');
  await screen.findByRole('link', { name: 'My details' });

  await wait(60 * MINUTE);

  expect([isSignedIn(), reports, localStorage.getItem('session-ends-at')]).toEqual([true, 0, null]);
});
