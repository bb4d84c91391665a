import { screen, within } from '@testing-library/react';
import { http } from 'msw';
import { expect, test } from 'vitest';
import { page, user } from '../factories';
import { ok, refused, server, url } from '../server';
import { address, visit } from '../visit';

async function fillIn(person: ReturnType<typeof visit>['person']): Promise<void> {
  await person.type(await screen.findByLabelText('First name'), 'Pat');
  await person.type(screen.getByLabelText('Last name'), 'Jones');
  await person.type(screen.getByLabelText('Email address'), 'pat@example.com');
  await person.type(screen.getByLabelText('Choose a password'), 'three random words');
}

const submit = () => screen.getByRole('button', { name: 'Register' });

test('errors are listed at the top, which takes the focus, and at each field', async () => {
  const { person } = visit('/register');
  await screen.findByLabelText('First name');

  await person.click(submit());

  const summary = await screen.findByRole('alert');
  expect(summary).toHaveFocus();
  expect(
    within(summary)
      .getAllByRole('link')
      .map((link) => link.textContent),
  ).toEqual([
    'Enter your first name',
    'Enter your last name',
    'Enter your email address',
    'Choose a password',
  ]);
  expect(screen.getByLabelText('First name')).toHaveAccessibleDescription('Enter your first name');
  expect(document.title).toBe('Error: Register as a patient – Riverside Clinic');
});

test('a link in the error summary focuses its field', async () => {
  const { person } = visit('/register');
  await screen.findByLabelText('First name');
  await person.click(submit());

  await person.click(await screen.findByRole('link', { name: 'Enter your last name' }));

  expect(screen.getByLabelText('Last name')).toHaveFocus();
});

test('the server’s error is shown at its field and the values are kept', async () => {
  const errors = { email: ['There is already an account with this address.'] };
  server.use(http.post(url('auth/register/'), () => refused(400, { code: 'invalid', errors })));
  const { person } = visit('/register');
  await fillIn(person);

  await person.click(submit());

  expect(await screen.findByRole('alert')).toHaveFocus();
  expect(screen.getByLabelText('Email address')).toHaveAccessibleDescription(
    'We will send your appointment confirmation to this address. There is already an account with this address.',
  );
  expect(screen.getByLabelText('First name')).toHaveValue('Pat');
});

test('a general error shows the server’s message', async () => {
  const message = 'Too many registrations from here. Try again in an hour.';
  server.use(http.post(url('auth/register/'), () => refused(429, { code: 'limit_reached', message })));
  const { person } = visit('/register');
  await fillIn(person);

  await person.click(submit());

  expect(await screen.findByRole('alert')).toHaveTextContent(message);
});

test('registering signs the user in and leaves out empty fields', async () => {
  const sent: unknown[] = [];
  server.use(
    http.get(url('appointments/my-bookings/'), () => ok(page([]))),
    http.post(url('auth/register/'), async ({ request }) => {
      sent.push(await request.json());
      return ok({ user: user(), access: 'access-1', refresh: 'refresh-1' }, 201);
    }),
  );
  const { person } = visit('/register');
  await fillIn(person);

  await person.click(submit());

  expect(await screen.findByRole('heading', { name: 'My appointments' })).toBeVisible();
  expect(address()).toBe('/appointments');
  expect(sent).toEqual([
    { email: 'pat@example.com', password: 'three random words', first_name: 'Pat', last_name: 'Jones' },
  ]);
});
