import { screen } from '@testing-library/react';
import { http } from 'msw';
import { beforeEach, expect, test } from 'vitest';
import { endSession, getAccessToken, isSignedIn } from '@/shared/session/session';
import { user } from '../factories';
import { ok, refused, server, url } from '../server';
import { signedIn, visit } from '../visit';

beforeEach(signedIn);

async function change(person: ReturnType<typeof visit>['person']): Promise<void> {
  await person.type(await screen.findByLabelText('Current password'), 'correct horse');
  await person.type(screen.getByLabelText('Choose a new password'), 'three random words');
  await person.click(screen.getByRole('button', { name: 'Save new password' }));
}

test('changing the password continues with a new session', async () => {
  const sent: unknown[] = [];
  server.use(
    http.post(url('auth/password/change/'), async ({ request }) => {
      sent.push([request.headers.get('Authorization'), await request.json()]);
      return ok({ user: user(), access: 'access-2', refresh: null });
    }),
  );
  const { person } = visit('/profile');

  await person.click(await screen.findByRole('link', { name: 'Change your password' }));
  await change(person);

  expect(await screen.findByRole('heading', { name: 'Your password has been changed' })).toHaveFocus();
  expect(sent).toEqual([
    ['Bearer access-1', { current_password: 'correct horse', new_password: 'three random words' }],
  ]);
  expect(await getAccessToken()).toBe('access-2');
});

test('an error is shown at its field and the session continues', async () => {
  const errors = { current_password: ['This is not your password.'] };
  server.use(http.post(url('auth/password/change/'), () => refused(400, { code: 'invalid', errors })));
  const { person } = visit('/profile/password');

  await change(person);

  expect(await screen.findByRole('alert')).toHaveFocus();
  expect(screen.getByLabelText('Current password')).toHaveAccessibleDescription('This is not your password.');
  expect([isSignedIn(), await getAccessToken()]).toEqual([true, 'access-1']);
});

test('a visitor signs in first', async () => {
  endSession();

  visit('/profile/password');

  expect(await screen.findByRole('heading', { name: 'Sign in' })).toBeVisible();
});
