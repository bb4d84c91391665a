import { screen, waitFor } from '@testing-library/react';
import { http } from 'msw';
import { beforeEach, expect, test } from 'vitest';
import type { UserSession } from '@/shared/api/types';
import { isSignedIn } from '@/shared/session/session';
import { page } from '../factories';
import { ok, server, url } from '../server';
import { address, signedIn, visit } from '../visit';

const session = (overrides: Partial<UserSession>): UserSession => ({
  id: 'session-1',
  device: 'Firefox on Windows',
  is_present: false,
  begun_at: '2026-11-20T10:00:00Z',
  begun_local: { local_date: '2026-11-20', local_time: '10:00' },
  last_used_at: '2026-11-24T09:30:00Z',
  last_used_local: { local_date: '2026-11-24', local_time: '09:30' },
  time_zone: 'Europe/London',
  tz_label: 'London time',
  ...overrides,
});

let sessions: UserSession[] = [];

beforeEach(() => {
  signedIn();
  sessions = [session({ id: 'session-2', device: 'Chrome on Android', is_present: true }), session({})];
  server.use(
    http.get(url('auth/sessions/'), () => ok(page(sessions))),
    http.delete(url('auth/sessions/:id/'), ({ params }) => {
      sessions = sessions.filter(({ id }) => id !== params.id);
      return ok(null);
    }),
  );
});

test('another session can be signed out; the current one has no button', async () => {
  const { person } = visit('/profile/sessions');
  expect(await screen.findByText('This device')).toBeVisible();
  expect(screen.getByText('Last used Tue 24 Nov, 9:30 am, London time')).toBeVisible();

  await person.click(screen.getByRole('button', { name: 'Sign out of Firefox on Windows' }));

  expect(await screen.findByText('The device is signed out.')).toHaveFocus();
  await waitFor(() => expect(screen.queryByText('Firefox on Windows')).not.toBeInTheDocument());
  expect(screen.queryByRole('button', { name: /^Sign out of/ })).not.toBeInTheDocument();
});

test('signing out everywhere signs out here too', async () => {
  server.use(http.post(url('auth/sessions/end-all/'), () => ok(null)));
  const { person } = visit('/profile/sessions');

  await person.click(await screen.findByRole('button', { name: 'Sign out everywhere' }));

  expect(await screen.findByRole('heading', { name: 'Sign in' })).toBeVisible();
  expect([isSignedIn(), address().split('?')[0]]).toEqual([false, '/sign-in']);
});
