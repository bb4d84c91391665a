import { screen } from '@testing-library/react';
import { http } from 'msw';
import { expect, test } from 'vitest';
import { user } from '../factories';
import { ok, refused, server, url } from '../server';
import { signedIn, visit } from '../visit';

const choice = (topic: string, is_wanted = true) => ({ topic, channel: 'email', is_wanted });
const CHOICES = [
  choice('reminders'),
  choice('questionnaires'),
  choice('follow_ups'),
  choice('offers', false),
];

function recordSaves(answer: (sent: unknown) => Response): unknown[] {
  const sent: unknown[] = [];
  server.use(
    http.get(url('users/me/message-preferences/'), () => ok({ preferences: CHOICES })),
    http.put(url('users/me/message-preferences/'), async ({ request }) => {
      const body = await request.json();
      sent.push(body);
      return answer(body);
    }),
  );
  return sent;
}

test('a patient switches reminders off', async () => {
  signedIn();
  const sent = recordSaves(ok);
  const { person } = visit('/profile');

  await person.click(await screen.findByRole('link', { name: 'Notifications' }));
  const group = await screen.findByRole('group', { name: 'Reminders' });
  const boxes = await screen.findAllByRole('checkbox', { name: 'By email' });
  expect(boxes.map((box) => (box as HTMLInputElement).checked)).toEqual([true, true, true, false]);
  expect(group).toContainElement(boxes[0] ?? null);
  await person.click(boxes[0] as HTMLElement);
  await person.click(screen.getByRole('button', { name: 'Save' }));

  expect(await screen.findByText('Your details have been saved.')).toHaveFocus();
  expect(sent).toEqual([{ preferences: [choice('reminders', false), ...CHOICES.slice(1)] }]);
});

test('a refusal is shown and the choices stay on the page', async () => {
  signedIn();
  recordSaves(() => refused(503, { code: 'unavailable', message: 'Try again in a moment.' }));
  const { person } = visit('/profile/notifications');

  await person.click((await screen.findAllByRole('checkbox', { name: 'By email' }))[0] as HTMLElement);
  await person.click(screen.getByRole('button', { name: 'Save' }));

  expect(await screen.findByText('Try again in a moment.')).toBeVisible();
  expect(screen.getAllByRole('checkbox', { name: 'By email' })[0]).not.toBeChecked();
});

test('a patient whose emails are returned is asked to correct the address', async () => {
  signedIn();
  server.use(http.get(url('auth/profile/'), () => ok(user({ email_problem: 'bounced' }))));

  visit('/appointments');

  expect(await screen.findByText(/were returned/)).toBeVisible();
  expect(screen.getByRole('link', { name: 'Change your email address' })).toHaveAttribute(
    'href',
    '/profile/email',
  );
});

test('a patient whose address works gets emails again', async () => {
  signedIn();
  let problem: 'complaint' | '' = 'complaint';
  server.use(
    http.get(url('auth/profile/'), () => ok(user({ email_problem: problem }))),
    http.post(url('auth/email/resume/'), () => {
      problem = '';
      return ok(null);
    }),
  );
  const { person } = visit('/profile');
  expect(await screen.findByText(/was reported as spam/)).toBeVisible();

  await person.click(screen.getByRole('button', { name: 'This address works: send me emails again' }));

  await expect.poll(() => screen.queryByText(/was reported as spam/)).not.toBeInTheDocument();
});

test('an address that nobody has confirmed can only be changed', async () => {
  signedIn();
  const held = user({ email_problem: 'bounced', email_verified_at: null });
  server.use(http.get(url('auth/profile/'), () => ok(held)));

  visit('/profile');

  expect(await screen.findByText(/were returned/)).toBeVisible();
  expect(screen.queryByRole('button', { name: /send me emails again/ })).not.toBeInTheDocument();
});
