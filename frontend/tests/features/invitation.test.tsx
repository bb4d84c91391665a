import { screen } from '@testing-library/react';
import { http } from 'msw';
import { expect, test } from 'vitest';
import { user } from '../factories';
import { ok, refused, server, url } from '../server';
import { visit } from '../visit';

const invitation = { email: 'noa@example.com', first_name: 'Noa', last_name: 'New', role: 'receptionist' };

function serveInvitation() {
  server.use(
    http.post(url('auth/invitations/show/'), () => ok(invitation)),
    http.get(url('auth/profile/'), () => ok(user({ role: 'receptionist', first_name: 'Noa' }))),
  );
}

test('an invited user chooses a password and sees a link to their pages', async () => {
  serveInvitation();
  const sent: unknown[] = [];
  server.use(
    http.post(url('auth/invitations/accept/'), async ({ request }) => {
      sent.push(await request.json());
      return ok({ user: user({ role: 'receptionist' }), access: 'a', refresh: 'r' }, 201);
    }),
  );
  const { person } = visit('/invitation?token=one.two');

  expect(
    await screen.findByRole('heading', { name: 'Create your staff account at Riverside Clinic' }),
  ).toBeVisible();
  expect(screen.getByText('noa@example.com')).toBeVisible();
  await person.type(screen.getByLabelText('Choose a password'), 'three random words');
  await person.click(screen.getByRole('button', { name: 'Create account' }));

  expect(await screen.findByRole('heading', { name: /^Today/ })).toBeVisible();
  expect(sent).toEqual([{ token: 'one.two', password: 'three random words' }]);
});

test('two-step sign-in is set up next if the clinic requires it', async () => {
  serveInvitation();
  server.use(
    http.post(url('auth/invitations/accept/'), () =>
      refused(401, { code: 'second_factor_required', data: { challenge: 'one', is_set_up: false } }),
    ),
    http.post(url('auth/second-factor/set-up/'), () =>
      ok({ key: 'ABCD2345', address: '', picture: '<svg/>' }),
    ),
  );
  const { person } = visit('/invitation?token=one.two');

  await person.type(await screen.findByLabelText('Choose a password'), 'three random words');
  await person.click(screen.getByRole('button', { name: 'Create account' }));

  expect(await screen.findByRole('heading', { name: 'Set up two-step sign-in' })).toHaveFocus();
  expect(await screen.findByText('ABCD2345')).toBeVisible();
});

test('an expired invitation is reported', async () => {
  const message = 'This invitation does not work any more. Please ask the clinic for a new one.';
  server.use(
    http.post(url('auth/invitations/show/'), () => refused(409, { code: 'invitation_over', message })),
  );

  visit('/invitation?token=one.two');

  expect(await screen.findByRole('heading', { name: 'This invitation has expired' })).toBeVisible();
  expect(screen.getByRole('alert')).toHaveTextContent(message);
});

test('a link without a token is reported as incomplete', async () => {
  visit('/invitation');

  expect(await screen.findByRole('heading', { name: 'This link is incomplete' })).toBeVisible();
});
