import { screen } from '@testing-library/react';
import { http } from 'msw';
import { expect, test } from 'vitest';
import { isSignedIn } from '@/shared/session/session';
import { ok, refused, server, url } from '../server';
import { address, signedIn, visit } from '../visit';

const field = (label: string) => screen.findByLabelText(label);

test('requesting a reset link shows the same page for every email address', async () => {
  const sent: unknown[] = [];
  server.use(
    http.post(url('auth/password/reset/'), async ({ request }) => {
      sent.push(await request.json());
      return ok(null);
    }),
  );
  const { person } = visit('/sign-in');

  await person.click(await screen.findByRole('link', { name: 'Forgotten your password?' }));
  await screen.findByRole('heading', { name: 'Forgotten your password?' });
  await person.type(await field('Email address'), 'pat@example.com');
  await person.click(screen.getByRole('button', { name: 'Send link' }));

  expect(await screen.findByRole('heading', { name: 'Check your email' })).toHaveFocus();
  expect(screen.getByText(/If there is an account for/)).toHaveTextContent('pat@example.com');
  expect(document.title).toBe('Check your email – Riverside Clinic');
  expect(sent).toEqual([{ email: 'pat@example.com' }]);
});

test('too many attempts show the server’s message', async () => {
  const message = 'Too many attempts. Try again in 15 minutes.';
  server.use(http.post(url('auth/password/reset/'), () => refused(429, { code: 'too_many_tries', message })));
  const { person } = visit('/forgot-password');

  await person.type(await field('Email address'), 'pat@example.com');
  await person.click(screen.getByRole('button', { name: 'Send link' }));

  expect(await screen.findByRole('alert')).toHaveTextContent(message);
});

test('a reset link sets a new password and signs this device out', async () => {
  signedIn();
  const sent: unknown[] = [];
  server.use(
    http.post(url('auth/password/reset/confirm/'), async ({ request }) => {
      sent.push(await request.json());
      return ok(null);
    }),
  );
  const { person } = visit('/reset-password?token=one.two-three');

  await person.type(await field('Choose a new password'), ' three random words');
  await person.click(screen.getByRole('button', { name: 'Save new password' }));

  expect(await screen.findByRole('heading', { name: 'Your password has been changed' })).toHaveFocus();
  expect(sent).toEqual([{ token: 'one.two-three', password: ' three random words' }]);
  expect(isSignedIn()).toBe(false);
  await person.click(screen.getByRole('link', { name: 'Sign in with your new password' }));
  expect(address()).toBe('/sign-in');
});

test('an expired link shows an error and links to a new one', async () => {
  const message = 'This link does not work any more. Please ask for a new one.';
  const confirm = url('auth/password/reset/confirm/');
  server.use(http.post(confirm, () => refused(409, { code: 'link_over', message })));
  const { person } = visit('/reset-password?token=one.two');

  await person.type(await field('Choose a new password'), 'three random words');
  await person.click(screen.getByRole('button', { name: 'Save new password' }));

  expect(await screen.findByRole('alert')).toHaveTextContent(message);
  await person.click(screen.getByRole('link', { name: 'Get a new link' }));
  expect(await screen.findByRole('heading', { name: 'Forgotten your password?' })).toBeVisible();
});

test('a link without a token is reported as incomplete', async () => {
  visit('/reset-password');

  expect(await screen.findByRole('heading', { name: 'This link is incomplete' })).toBeVisible();
});
