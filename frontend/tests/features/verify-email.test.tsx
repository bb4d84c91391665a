import { screen, waitFor } from '@testing-library/react';
import { http } from 'msw';
import { expect, test } from 'vitest';
import { user } from '../factories';
import { ok, refused, server, url } from '../server';
import { signedIn, visit } from '../visit';

test('the link confirms the address after a click, not when it is opened', async () => {
  const sent: unknown[] = [];
  server.use(
    http.post(url('auth/email/verify/'), async ({ request }) => {
      sent.push(await request.json());
      return ok(null);
    }),
  );
  const { person } = visit('/verify-email?token=abc');
  const button = await screen.findByRole('button', { name: 'Confirm my email address' });
  expect(sent).toEqual([]);

  await person.click(button);

  expect(await screen.findByRole('heading', { name: 'Your email address is confirmed' })).toHaveFocus();
  expect(sent).toEqual([{ token: 'abc' }]);
});

test('confirming in a session continues it with the tokens of the response', async () => {
  signedIn();
  let authorization: string | null = null;
  server.use(
    http.post(url('auth/email/verify/'), () => ok({ access: 'the-new-token', refresh: null, user: user() })),
    http.get(url('auth/profile/'), ({ request }) => {
      authorization = request.headers.get('Authorization');
      return ok(user());
    }),
  );
  const { person } = visit('/verify-email?token=abc');

  await person.click(await screen.findByRole('button', { name: 'Confirm my email address' }));

  expect(await screen.findByRole('heading', { name: 'Your email address is confirmed' })).toBeVisible();
  await waitFor(() => expect(authorization).toBe('Bearer the-new-token'));
});

test('an expired link shows an error and links to a new one', async () => {
  const expired = { code: 'link_over', message: 'This link does not work any more.' };
  server.use(http.post(url('auth/email/verify/'), () => refused(409, expired)));
  const { person } = visit('/verify-email?token=abc');

  await person.click(await screen.findByRole('button', { name: 'Confirm my email address' }));

  expect(await screen.findByRole('alert')).toHaveTextContent('This link does not work any more.');
  expect(screen.getByRole('link', { name: 'My details' })).toHaveAttribute('href', '/profile');
});

test('on a device that is not signed in to the account, the page asks for its password', async () => {
  const sent: unknown[] = [];
  const message = 'Enter the password of this account.';
  server.use(
    http.post(url('auth/email/verify/'), async ({ request }) => {
      const body = (await request.json()) as { password?: string };
      sent.push(body);
      return body.password
        ? ok(null)
        : refused(400, { code: 'password_required', errors: { password: [message] } });
    }),
  );
  const { person } = visit('/verify-email?token=abc');
  const button = await screen.findByRole('button', { name: 'Confirm my email address' });
  expect(screen.queryByLabelText('Your password')).not.toBeInTheDocument();

  await person.click(button);
  const field = await screen.findByLabelText('Your password');
  await waitFor(() => expect(field).toHaveFocus());
  expect(screen.queryByRole('alert')).not.toBeInTheDocument();
  await person.type(field, 'correct horse');
  expect(screen.getByRole('link', { name: 'choose a new one' })).toHaveAttribute('href', '/forgot-password');
  await person.click(button);

  expect(await screen.findByRole('heading', { name: 'Your email address is confirmed' })).toBeVisible();
  expect(sent).toEqual([{ token: 'abc' }, { token: 'abc', password: 'correct horse' }]);
});

test('an unconfirmed address shows a reminder with a button to resend the link', async () => {
  signedIn();
  let requests = 0;
  server.use(
    http.get(url('auth/profile/'), () => ok(user({ email_verified_at: null }))),
    http.post(url('auth/email/verify/request/'), () => {
      requests += 1;
      return ok(null);
    }),
  );
  const { person } = visit('/profile');
  expect(await screen.findByText(/\(not confirmed yet\)/)).toBeVisible();

  await person.click(screen.getByRole('button', { name: 'Resend link' }));

  expect(await screen.findByText('We have sent you a new link. It works for 3 days.')).toBeVisible();
  expect(requests).toBe(1);
});

test('a confirmed address shows no reminder', async () => {
  signedIn();

  visit('/profile');

  expect(await screen.findByText(/\(confirmed\)/)).toBeVisible();
  expect(screen.queryByRole('button', { name: 'Resend link' })).not.toBeInTheDocument();
});
