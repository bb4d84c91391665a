import { screen } from '@testing-library/react';
import { http } from 'msw';
import { beforeEach, expect, test } from 'vitest';
import { booking, clinic, hold, page, slot, user, visitType } from '../factories';
import { ok, refused, server, url } from '../server';
import { address, signedIn, visit } from '../visit';

const QUERY = '?doctor=doctor-1&date=2026-11-24';
const DETAILS = `/booking/slot-1${QUERY}`;
const CODE = `/booking/slot-1/code${QUERY}`;
const CHECK = `/booking/slot-1/check${QUERY}`;
const SESSION = { user: user(), access: 'access-1', refresh: null };

let requests: unknown[] = [];

async function record(request: Request): Promise<void> {
  requests.push([new URL(request.url).pathname.replace('/api/', ''), await request.json()]);
}

beforeEach(() => {
  requests = [];
  server.use(
    http.post(url('appointments/holds/'), () =>
      ok(hold({ held_until: new Date(Date.now() + 600_000).toISOString() }), 201),
    ),
    http.post(url('auth/email-code/'), async ({ request }) => {
      await record(request);
      return ok(null);
    }),
    http.post(url('auth/email-code/sign-in/'), async ({ request }) => {
      await record(request);
      return ok(SESSION);
    }),
    http.post(url('appointments/bookings/'), () => ok(booking(), 201)),
    http.get(url('appointments/bookings/:id/'), () => ok(booking())),
  );
});

type Person = ReturnType<typeof visit>['person'];

async function fillIn(person: Person): Promise<void> {
  await person.type(await screen.findByLabelText('First name'), 'Nadia');
  await person.type(screen.getByLabelText('Last name'), 'New');
  await person.type(screen.getByLabelText('Email address'), 'nadia@people.example');
}

const proceed = (person: Person) => person.click(screen.getByRole('button', { name: 'Continue' }));

async function enterCode(person: Person): Promise<void> {
  await person.type(await screen.findByLabelText('Code'), '123 456');
  await proceed(person);
}

test('a newcomer holds the time, enters a code and books without a password', async () => {
  const { person } = visit(DETAILS);

  await fillIn(person);
  expect(screen.getByText(/We are holding this time until/)).toBeVisible();
  await proceed(person);
  expect(await screen.findByRole('heading', { name: 'Enter the code' })).toHaveFocus();
  expect(address()).toBe(CODE);
  expect(await screen.findByText(/We are holding this time until/)).toBeVisible();
  await enterCode(person);
  await person.click(await screen.findByRole('button', { name: 'Confirm appointment' }));

  await screen.findByRole('heading', { name: 'Your appointment is booked' });
  expect(requests).toEqual([
    ['auth/email-code/', { email: 'nadia@people.example' }],
    ['auth/email-code/sign-in/', { code: '123 456', first_name: 'Nadia', last_name: 'New' }],
  ]);
  expect(sessionStorage.getItem('draft:newcomer')).toBeNull();
});

test('missing details are listed and nothing is sent', async () => {
  server.use(
    http.get(url('clinic/'), () =>
      ok(clinic({ booking_rules: { ...clinic().booking_rules, ask_date_of_birth: true } })),
    ),
  );
  const { person } = visit(DETAILS);
  await screen.findByLabelText('First name');

  await proceed(person);

  expect(await screen.findByRole('alert')).toHaveFocus();
  for (const text of [
    'Enter your first name',
    'Enter your last name',
    'Enter your email address',
    'Enter your date of birth',
  ])
    expect(screen.getByRole('link', { name: text })).toBeVisible();
  expect(screen.getByLabelText('First name')).toHaveAccessibleDescription('Enter your first name');
  expect(requests).toEqual([]);
});

test('an address that the server refuses is shown at its field, and a limit at the top', async () => {
  const errors = { email: ['This address gets no emails.'] };
  server.use(
    http.post(url('auth/email-code/'), () => refused(400, { code: 'invalid', errors }), { once: true }),
  );
  const { person } = visit(DETAILS);
  await fillIn(person);

  await proceed(person);
  expect(await screen.findByRole('link', { name: 'This address gets no emails.' })).toBeVisible();
  server.use(
    http.post(url('auth/email-code/'), () => refused(429, { code: 'too_many_tries', message: 'Too many.' })),
  );
  await proceed(person);

  expect(await screen.findByText('Too many.')).toBeVisible();
  expect(address()).toBe(DETAILS);
});

test('a visit by phone asks a newcomer for the number', async () => {
  server.use(http.get(url('clinic/'), () => ok(clinic({ visit_types: [visitType({ mode: 'phone' })] }))));
  const { person } = visit(DETAILS);
  await fillIn(person);

  await proceed(person);
  await person.type(await screen.findByLabelText('Phone number'), '020 7946 0018');
  await proceed(person);
  await enterCode(person);

  expect(await screen.findByRole('button', { name: 'Confirm appointment' })).toBeVisible();
  expect(requests.at(-1)).toEqual([
    'auth/email-code/sign-in/',
    { code: '123 456', first_name: 'Nadia', last_name: 'New', phone: '020 7946 0018' },
  ]);
});

test('a wrong code is shown at its field, and a new one can be sent', async () => {
  const errors = { code: ['This code is wrong.'] };
  server.use(http.post(url('auth/email-code/sign-in/'), () => refused(400, { code: 'invalid', errors })));
  sessionStorage.setItem('draft:newcomer', JSON.stringify({ email: 'nadia@people.example' }));
  const { person } = visit(CODE);

  await enterCode(person);
  expect(await screen.findByRole('alert')).toHaveFocus();
  expect(screen.getByLabelText('Code')).toHaveAccessibleDescription(/This code is wrong\./);
  await person.click(screen.getByRole('button', { name: 'Send a new code' }));

  expect(await screen.findByText(/We have sent you a new code/)).toBeVisible();
  expect(requests).toEqual([['auth/email-code/', { email: 'nadia@people.example' }]]);
  server.use(
    http.post(url('auth/email-code/'), () => refused(429, { code: 'too_many_tries', message: 'Too many.' })),
  );
  await person.click(screen.getByRole('button', { name: 'Send a new code' }));
  expect(await screen.findByText('Too many.')).toBeVisible();
});

test('an account with two-step sign-in enters the code of its app next', async () => {
  const data = { challenge: 'challenge-1', is_set_up: true };
  server.use(
    http.post(url('auth/email-code/sign-in/'), () => refused(401, { code: 'second_factor_required', data })),
  );
  sessionStorage.setItem('draft:newcomer', JSON.stringify({ email: 'nadia@people.example' }));
  const { person } = visit(CODE);

  await enterCode(person);

  expect(await screen.findByRole('heading', { name: 'Enter your code' })).toBeVisible();
  expect(address()).toBe(`/sign-in?next=${encodeURIComponent(CHECK)}`);
});

test('without details the code step leads back', async () => {
  visit(CODE);
  expect(await screen.findByRole('heading', { name: 'Appointment details' })).toBeVisible();
});

test('a user who is signed in needs no code', async () => {
  signedIn();
  visit(CODE);
  expect(await screen.findByRole('button', { name: 'Confirm appointment' })).toBeVisible();
});

test('a time that somebody else has taken shows others at the code step', async () => {
  sessionStorage.setItem('draft:newcomer', JSON.stringify({ email: 'nadia@people.example' }));
  const data = { alternatives: [slot({ id: 'slot-2' })] };
  server.use(http.post(url('appointments/holds/'), () => refused(409, { code: 'slot_taken', data })));
  visit(CODE);

  expect(await screen.findByRole('heading', { name: 'This time is no longer available' })).toBeVisible();
});

test('a visitor goes on with a hold of this browser that this tab does not know', async () => {
  server.use(http.get(url('appointments/available/'), () => ok(page([]))));
  visit(DETAILS);

  expect(await screen.findByText(/We are holding this time until/)).toBeVisible();
  expect(screen.getByRole('link', { name: 'I already have an account' })).toHaveAttribute(
    'href',
    `/sign-in?next=${encodeURIComponent(CHECK)}`,
  );
});

test('a patient signs in with a code', async () => {
  const { person } = visit('/sign-in?next=/profile');

  await person.click(await screen.findByRole('link', { name: 'Email me a code' }));
  await person.type(await screen.findByLabelText('Email address'), 'pat@example.com');
  await person.click(screen.getByRole('button', { name: 'Email me a code' }));
  await enterCode(person);

  expect(await screen.findByRole('heading', { name: 'My details' })).toBeVisible();
  expect(requests).toEqual([
    ['auth/email-code/', { email: 'pat@example.com' }],
    ['auth/email-code/sign-in/', { code: '123 456' }],
  ]);
});

test('a visitor without an account enters a name after the code', async () => {
  server.use(
    http.post(url('auth/email-code/sign-in/'), () => refused(422, { code: 'details_required' }), {
      once: true,
    }),
  );
  const { person } = visit('/sign-in/code');

  await person.type(await screen.findByLabelText('Email address'), 'nadia@people.example');
  await person.click(screen.getByRole('button', { name: 'Email me a code' }));
  await enterCode(person);
  await person.type(await screen.findByLabelText('First name'), 'Nadia');
  await person.type(screen.getByLabelText('Last name'), 'New');
  await person.click(screen.getByRole('button', { name: 'Register' }));

  expect(await screen.findByRole('heading', { name: 'My appointments' })).toBeVisible();
  expect(requests.at(-1)).toEqual([
    'auth/email-code/sign-in/',
    { code: '123 456', first_name: 'Nadia', last_name: 'New' },
  ]);
});

test('two-step sign-in follows the code, and another code can be requested', async () => {
  const data = { challenge: 'challenge-1', is_set_up: true };
  server.use(
    http.post(url('auth/email-code/sign-in/'), () => refused(401, { code: 'second_factor_required', data })),
  );
  const { person } = visit('/sign-in/code');
  const request = async () => {
    await person.type(await screen.findByLabelText('Email address'), 'pat@example.com');
    await person.click(screen.getByRole('button', { name: 'Email me a code' }));
  };

  await request();
  await person.click(await screen.findByRole('button', { name: 'Send a new code' }));
  await request();
  await enterCode(person);

  expect(await screen.findByRole('heading', { name: 'Enter your code' })).toBeVisible();
});

test('an account without a password chooses one with a code', async () => {
  signedIn();
  server.use(
    http.get(url('auth/profile/'), () => ok(user({ has_password: false }))),
    http.post(url('auth/password/change/'), async ({ request }) => {
      await record(request);
      return ok(SESSION);
    }),
  );
  const { person } = visit('/profile');

  await person.click(await screen.findByRole('link', { name: 'Choose a password' }));
  await person.click(await screen.findByRole('button', { name: 'Email me a code' }));
  const code = await screen.findByLabelText('Code');
  expect(screen.getByRole('heading', { name: 'Choose a password' })).toHaveFocus();
  await person.type(code, '123456');
  await person.type(screen.getByLabelText('Choose a new password'), 'three random words');
  await person.click(screen.getByRole('button', { name: 'Save new password' }));

  expect(await screen.findByRole('heading', { name: 'Your password has been changed' })).toBeVisible();
  expect(requests.at(-1)).toEqual([
    'auth/password/change/',
    { code: '123456', new_password: 'three random words' },
  ]);
});

test('a code that cannot be sent says why', async () => {
  signedIn();
  server.use(
    http.get(url('auth/profile/'), () => ok(user({ has_password: false }))),
    http.post(url('auth/email-code/'), () => refused(429, { code: 'too_many_tries', message: 'Too many.' })),
  );
  const { person } = visit('/profile/password');

  await person.click(await screen.findByRole('button', { name: 'Email me a code' }));

  expect(await screen.findByText('Too many.')).toBeVisible();
});
