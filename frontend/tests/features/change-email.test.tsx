import { screen } from '@testing-library/react';
import { http } from 'msw';
import { expect, test } from 'vitest';
import { isSignedIn } from '@/shared/session/session';
import { user } from '../factories';
import { ok, refused, server, url } from '../server';
import { signedIn, visit } from '../visit';

function recordRequests(path: string, answer: () => Response): unknown[] {
  const sent: unknown[] = [];
  server.use(
    http.get(url('auth/profile/'), () => ok(user({ email: 'old@example.com', email_verified_at: null }))),
    http.post(url(path), async ({ request }) => {
      sent.push(await request.json());
      return answer();
    }),
  );
  return sent;
}

async function change(person: ReturnType<typeof visit>['person']): Promise<void> {
  await person.type(await screen.findByLabelText('New email address'), 'new@example.com');
  await person.type(screen.getByLabelText('Your password'), 'correct horse');
  await person.click(screen.getByRole('button', { name: 'Send me a link' }));
}

test('a mistyped address is corrected from the reminder: a link goes to the new address', async () => {
  signedIn();
  const sent = recordRequests('auth/email/change/', () => ok(null));
  const { person } = visit('/profile');

  await person.click(await screen.findByRole('link', { name: 'Use another email address' }));
  await change(person);

  expect(await screen.findByRole('heading', { name: 'Check your new email address' })).toHaveFocus();
  expect(screen.getByText('new@example.com')).toBeVisible();
  expect(screen.getByText('old@example.com')).toBeVisible();
  expect(sent).toEqual([{ email: 'new@example.com', password: 'correct horse' }]);
});

test('a wrong password is shown at its field', async () => {
  signedIn();
  const errors = { password: ['This is not your password. Try again.'] };
  recordRequests('auth/email/change/', () => refused(400, { code: 'invalid', errors }));
  const { person } = visit('/profile/email');

  await change(person);

  expect(await screen.findByRole('alert')).toHaveFocus();
  expect(screen.getByLabelText('Your password')).toHaveAccessibleDescription(
    'This is not your password. Try again.',
  );
});

test('the link changes the address after a click and signs out', async () => {
  signedIn();
  const sent = recordRequests('auth/email/change/confirm/', () => ok(null));
  const { person } = visit('/confirm-email?token=abc');
  const button = await screen.findByRole('button', { name: 'Confirm my new email address' });
  expect(sent).toEqual([]);

  await person.click(button);

  expect(await screen.findByRole('heading', { name: 'Your email address is changed' })).toHaveFocus();
  expect([sent, isSignedIn()]).toEqual([[{ token: 'abc' }], false]);
});

test('an expired link shows an error and how to get a new one', async () => {
  const expired = { code: 'link_over', message: 'This link no longer works. Ask for a new one.' };
  recordRequests('auth/email/change/confirm/', () => refused(409, expired));
  const { person } = visit('/confirm-email?token=abc');

  await person.click(await screen.findByRole('button', { name: 'Confirm my new email address' }));

  expect(await screen.findByRole('alert')).toHaveTextContent('This link no longer works.');
  expect(screen.getByRole('link', { name: 'change your email address' })).toHaveAttribute(
    'href',
    '/profile/email',
  );
});

test('a link without a token says that it is incomplete', async () => {
  visit('/confirm-email');

  expect(await screen.findByRole('heading', { name: 'This link is incomplete' })).toBeVisible();
});

const PENDING = {
  email: 'new@example.com',
  created_at: '2026-11-21T10:00:00Z',
  expires_at: '2026-11-24T10:00:00Z',
  expires_local: { local_date: '2026-11-24', local_time: '10:00' },
  tz_label: 'London time',
};

test('the address that waits for its confirmation is on the profile page, and its link is sent again', async () => {
  signedIn();
  const later = { ...PENDING, expires_local: { local_date: '2026-11-26', local_time: '11:00' } };
  server.use(
    http.get(url('auth/email/change/'), () => ok(PENDING)),
    http.post(url('auth/email/change/resend/'), () => ok(later)),
  );
  const { person } = visit('/profile');

  const section = await screen.findByRole('region', { name: 'New email address' });
  expect(section).toHaveTextContent(
    'new@example.com is not confirmed yet. Open the link that we have sent to it by Tue 24 Nov, 10:00 am, London time.',
  );
  await person.click(screen.getByRole('button', { name: 'Send the link again' }));

  expect(await screen.findByText('We have sent a new link to your new email address.')).toHaveFocus();
  expect(section).toHaveTextContent('Thu 26 Nov, 11:00 am');
});

test('a change of address is cancelled', async () => {
  signedIn();
  let pending: typeof PENDING | null = PENDING;
  server.use(
    http.get(url('auth/email/change/'), () => ok(pending)),
    http.delete(url('auth/email/change/'), () => {
      pending = null;
      return ok(null);
    }),
  );
  const { person } = visit('/profile/email');

  await person.click(await screen.findByRole('button', { name: 'Cancel the change' }));

  expect(await screen.findByText('Your email address stays as it is.')).toHaveFocus();
  expect(screen.queryByRole('region', { name: 'New email address' })).not.toBeInTheDocument();
});

test('a link that cannot be sent again says why, and the address is read again', async () => {
  signedIn();
  let reads = 0;
  const message = 'There is no new email address to confirm any more. Enter it again.';
  server.use(
    http.get(url('auth/email/change/'), () => ok(reads++ ? null : PENDING)),
    http.post(url('auth/email/change/resend/'), () => refused(409, { code: 'no_email_change', message })),
  );
  const { person } = visit('/profile');

  await person.click(await screen.findByRole('button', { name: 'Send the link again' }));

  expect(await screen.findByText(message)).toBeVisible();
  expect(screen.queryByRole('button', { name: 'Cancel the change' })).not.toBeInTheDocument();
});
