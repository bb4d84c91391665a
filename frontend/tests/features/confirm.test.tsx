import { screen, within } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { beforeEach, expect, test } from 'vitest';
import { endSession } from '@/shared/session/session';
import { booking, slot } from '../factories';
import { ok, refused, server, url } from '../server';
import { address, signedIn, visit } from '../visit';

const CHECK = '/booking/slot-1/check?doctor=doctor-1&date=2026-11-24';

interface Attempt {
  key: string | null;
  body: unknown;
}

let attempts: Attempt[] = [];

/** Responds to booking requests in order; the last response repeats. */
function answerWith(...answers: (() => Response)[]): void {
  server.use(
    http.get(url('appointments/bookings/:id/'), () => ok(booking())),
    http.post(url('appointments/bookings/'), async ({ request }) => {
      attempts.push({ key: request.headers.get('Idempotency-Key'), body: await request.json() });
      return (answers[attempts.length - 1] ?? answers.at(-1))?.();
    }),
  );
}

const confirmButton = () => screen.findByRole('button', { name: 'Confirm appointment' });

beforeEach(() => {
  attempts = [];
  signedIn();
  sessionStorage.setItem('draft:booking', JSON.stringify({ reason: 'Sore throat' }));
});

test('confirming sends the reason and opens the appointment', async () => {
  answerWith(() => ok(booking(), 201));
  const { person } = visit(CHECK);

  await person.click(await confirmButton());

  expect(await screen.findByRole('heading', { name: 'Your appointment is booked' })).toHaveFocus();
  expect(address()).toBe('/appointments/booking-1?booked');
  expect(attempts).toEqual([
    { key: expect.stringMatching(/^[\da-f-]{36}$/), body: { slot: 'slot-1', reason: 'Sore throat' } },
  ]);
  expect(sessionStorage.getItem('draft:booking')).toBeNull();
});

test('a lost response is requested again with the same key', async () => {
  answerWith(
    () => HttpResponse.error(),
    () => refused(503, { code: 'unavailable' }),
    () => ok(booking(), 201),
  );
  const { person } = visit(CHECK);

  for (let press = 0; press < 3; press++) await person.click(await confirmButton());

  expect(await screen.findByRole('heading', { name: 'Your appointment is booked' })).toBeVisible();
  expect(new Set(attempts.map(({ key }) => key)).size).toBe(1);
  expect(attempts).toHaveLength(3);
});

test('after a refusal the next request has a new key', async () => {
  answerWith(() => refused(422, { code: 'patient_busy', message: 'You have another appointment then.' }));
  const { person } = visit(CHECK);

  await person.click(await confirmButton());
  expect(await screen.findByRole('alert')).toHaveTextContent('You have another appointment then.');
  await person.click(await confirmButton());

  await screen.findByRole('alert');
  expect(new Set(attempts.map(({ key }) => key)).size).toBe(2);
});

test('a patient who has to confirm the email address finds the page to get a new link', async () => {
  answerWith(() => refused(422, { code: 'email_not_confirmed', message: 'Confirm your email address.' }));
  const { person } = visit(CHECK);

  await person.click(await confirmButton());

  const problem = await screen.findByRole('alert');
  expect(within(problem).getByRole('link', { name: 'Get a new link' })).toHaveAttribute('href', '/profile');
});

test('a time that the clinic closed is explained with the nearest times', async () => {
  const message = 'The clinic can no longer offer this time. Choose another time.';
  const near = slot({ id: 'slot-2', local_time: '10:00' });
  answerWith(() => refused(409, { code: 'time_withdrawn', message, data: { alternatives: [near] } }));
  const { person } = visit(CHECK);

  await person.click(await confirmButton());

  expect(await screen.findByRole('heading', { name: 'This time is no longer available' })).toHaveFocus();
  expect(screen.getByText(message)).toBeVisible();
  expect(screen.getByRole('link', { name: /10:00 am/ })).toBeVisible();
});

test('a taken slot offers the nearest times, and choosing one keeps the details', async () => {
  const near = slot({ id: 'slot-2', local_time: '10:00', starts_at: '2026-11-24T10:00:00Z' });
  const taken = { code: 'slot_taken', data: { alternatives: [{ ...near, doctor_name: 'Dr Jane Smith' }] } };
  answerWith(
    () => refused(409, taken),
    () => ok(booking({ slot: 'slot-2' }), 201),
  );
  server.use(
    http.get(url('appointments/available/'), () => ok({ count: 2, next: null, results: [slot(), near] })),
  );
  const { person } = visit(CHECK);
  await person.click(await confirmButton());

  expect(await screen.findByRole('heading', { name: 'This time is no longer available' })).toHaveFocus();
  await person.click(screen.getByRole('link', { name: /Tue 24 Nov, 10:00 am/ }));
  expect(await screen.findByText('Sore throat')).toBeVisible();
  await person.click(await confirmButton());

  await screen.findByRole('heading', { name: 'Your appointment is booked' });
  expect(attempts.at(-1)?.body).toEqual({ slot: 'slot-2', reason: 'Sore throat' });
});

test('a slot taken before confirming offers the nearest times', async () => {
  const near = slot({ id: 'slot-2', local_time: '10:00' });
  server.use(
    http.get(url('appointments/available/'), () => ok({ count: 0, next: null, results: [] })),
    http.get(url('appointments/available/nearest/'), () => ok({ alternatives: [near] })),
  );

  visit(CHECK);

  expect(await screen.findByRole('heading', { name: 'This time is no longer available' })).toBeVisible();
  expect(screen.getByRole('link', { name: /10:00 am/ })).toHaveAttribute(
    'href',
    '/booking/slot-2/check?doctor=doctor-1&date=2026-11-24',
  );
});

test('a signed-out user signs in and returns with the details kept', async () => {
  endSession();
  server.use(
    http.post(url('auth/login/'), () =>
      ok({
        user: {
          id: 'user-1',
          email: 'pat@example.com',
          first_name: 'Pat',
          last_name: 'Jones',
          role: 'patient',
        },
        access: 'access-1',
        refresh: null,
      }),
    ),
  );
  const { person } = visit(CHECK);

  await person.type(await screen.findByLabelText('Email address'), 'pat@example.com');
  await person.type(screen.getByLabelText('Password'), 'three random words');
  await person.click(screen.getByRole('button', { name: 'Sign in' }));

  expect(await confirmButton()).toBeVisible();
  expect(screen.getByText('Sore throat')).toBeVisible();
  expect(address()).toBe(CHECK);
});
