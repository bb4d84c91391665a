import { screen, within } from '@testing-library/react';
import { http } from 'msw';
import { beforeEach, expect, test } from 'vitest';
import { user } from '../factories';
import { skipRenewalDelay } from '../passing-time';
import { ok, refused, server, url } from '../server';
import { address, signedIn, visit } from '../visit';

beforeEach(signedIn);

test('saving sends personal and medical details and shows a confirmation', async () => {
  const sent: unknown[] = [];
  server.use(
    http.patch(url('auth/profile/'), async ({ request }) => {
      sent.push(await request.json());
      return ok(user());
    }),
  );
  const { person } = visit('/profile');

  await person.type(await screen.findByLabelText(/Allergies/), 'Penicillin');
  const zone = screen.getByLabelText('Your time zone');
  expect(zone).toHaveDisplayValue('The same as the clinic (London time)');
  await person.selectOptions(zone, within(zone).getByRole('option', { name: /^New York/ }));
  await person.click(screen.getByRole('button', { name: 'Save' }));

  expect(await screen.findByText('Your details have been saved.')).toHaveFocus();
  expect(sent).toEqual([
    {
      first_name: 'Pat',
      last_name: 'Jones',
      phone: '+44 20 7946 0999',
      sms_consent: false,
      profile: {
        date_of_birth: null,
        address: '',
        time_zone: 'America/New_York',
        allergies: 'Penicillin',
        conditions: '',
        medication: '',
        emergency_contact_name: '',
        emergency_contact_phone: '',
        insurance_provider: '',
        insurance_number: '',
      },
    },
  ]);
});

test('if the session expires while saving, the user signs in and returns to the entered values', async () => {
  skipRenewalDelay();
  const expired = () => refused(401, { code: 'token_not_valid' });
  server.use(
    http.patch(url('auth/profile/'), expired),
    http.post(url('auth/refresh/'), expired),
    http.post(url('auth/login/'), () => ok({ user: user(), access: 'access-2', refresh: 'refresh-2' })),
  );
  const { person } = visit('/profile');
  await person.type(await screen.findByLabelText(/Allergies/), 'Penicillin');

  await person.click(screen.getByRole('button', { name: 'Save' }));
  await person.type(await screen.findByLabelText('Email address'), 'pat@example.com');
  await person.type(screen.getByLabelText('Password'), 'three random words');
  await person.click(screen.getByRole('button', { name: 'Sign in' }));

  expect(await screen.findByLabelText(/Allergies/)).toHaveValue('Penicillin');
  expect(address()).toBe('/profile');
});

test('a server error is shown at its field', async () => {
  const errors = { profile: { date_of_birth: ['This day is in the future.'] } };
  server.use(http.patch(url('auth/profile/'), () => refused(400, { code: 'invalid', errors })));
  const { person } = visit('/profile');

  await person.click(await screen.findByRole('button', { name: 'Save' }));

  expect(await screen.findByRole('alert')).toHaveTextContent('This day is in the future.');
  expect(screen.getByLabelText(/Date of birth/)).toHaveAccessibleDescription('This day is in the future.');
});
