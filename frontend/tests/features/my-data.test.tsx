import { screen, within } from '@testing-library/react';
import { http } from 'msw';
import { beforeEach, expect, test } from 'vitest';
import { isSignedIn } from '@/shared/session/session';
import { ok, refused, server, url } from '../server';
import { address, signedIn, visit } from '../visit';

const DATA = {
  title: 'Your data at Riverside Clinic',
  written_at: '25 November 2026, 10:00 am',
  sections: [
    {
      title: 'Appointments',
      entries: [{ rows: [{ label: 'History', values: ['20 November 2026: Booked', 'Today: Cancelled'] }] }],
    },
    { title: 'Waiting list', entries: [] },
  ],
};

beforeEach(() => {
  signedIn();
  server.use(http.get(url('users/me/export/readable/'), () => ok(DATA)));
});

test('the print page shows all data', async () => {
  visit('/profile/data/print');

  expect(await screen.findByRole('heading', { name: 'Your data at Riverside Clinic' })).toBeVisible();
  for (const text of [
    'Appointments',
    'History',
    '20 November 2026: Booked',
    'Today: Cancelled',
    'No entries',
  ])
    expect(screen.getByText(text)).toBeVisible();
  expect(
    screen.getByText(/about you on 25 November 2026, 10:00 am\. All times are London time/),
  ).toBeVisible();
  expect(screen.getByRole('button', { name: 'Print or save as PDF' })).toBeVisible();
});

test('closing the account needs the password, ends the session and shows a confirmation', async () => {
  const sent: unknown[] = [];
  sessionStorage.setItem('draft:profile', '{"allergies":"Nuts"}');
  server.use(
    http.post(url('users/me/close/'), async ({ request }) => {
      sent.push(await request.json());
      return ok(null);
    }),
  );
  const { person } = visit('/profile/data');

  await person.click(await screen.findByRole('link', { name: 'Close my account' }));
  await person.type(await screen.findByLabelText('Your password'), 'three random words');
  await person.click(screen.getByRole('button', { name: 'Close my account permanently' }));

  expect(await screen.findByRole('heading', { name: 'Your account is closed' })).toBeVisible();
  expect(sent).toEqual([{ password: 'three random words' }]);
  expect([isSignedIn(), sessionStorage.getItem('draft:profile')]).toEqual([false, null]);
});

test('a wrong password is shown at its field and the user stays signed in', async () => {
  const errors = { password: ['This is not your password.'] };
  server.use(http.post(url('users/me/close/'), () => refused(400, { code: 'invalid', errors })));
  const { person } = visit('/profile/data/close');

  await person.type(await screen.findByLabelText('Your password'), 'wrong');
  await person.click(screen.getByRole('button', { name: 'Close my account permanently' }));

  const summary = await screen.findByRole('alert');
  expect(within(summary).getByText('This is not your password.')).toBeVisible();
  expect([isSignedIn(), address()]).toEqual([true, '/profile/data/close']);
});
