import { screen } from '@testing-library/react';
import { http } from 'msw';
import { beforeEach, expect, test } from 'vitest';
import { booking, page, slot, user } from '../factories';
import { ok, refused, server, url } from '../server';
import { signedIn, visit } from '../visit';

const patients = ['Ann', 'Ben', 'Cat'];
const bookings = patients.map((name) =>
  booking({ id: `booking-${name}`, patient: { id: `patient-${name}`, name } }),
);
const alternative = {
  ...slot({ id: 'slot-9' }),
  doctor: 'doctor-1',
  doctor_name: 'Dr Jane Smith',
  why: 'same_doctor',
};
const person = (name: string, channels: string[]) => ({
  booking: `booking-${name}`,
  patient_name: name,
  phone: '+442079460999',
  phone_display: '020 7946 0999',
  channels,
});
const sent: { key: string | null; body: Record<string, unknown> }[] = [];

beforeEach(() => {
  signedIn();
  sent.length = 0;
  server.use(
    http.get(url('auth/profile/'), () => ok(user({ role: 'receptionist' }))),
    http.get(url('users/doctors/'), () => ok(page([{ id: 'doctor-1', display_name: 'Dr Jane Smith' }]))),
    http.post(url('portal/absences/preview/'), () =>
      ok({
        bookings: bookings.map((one, at) => ({ booking: one, alternatives: at === 2 ? [] : [alternative] })),
      }),
    ),
    http.post(url('portal/absences/reach/'), () =>
      ok({
        reached: 2,
        not_reached: 1,
        people: [person('Ann', ['email']), person('Ben', []), person('Cat', ['email'])],
      }),
    ),
    http.post(url('portal/absences/'), async ({ request }) => {
      const body = (await request.json()) as Record<string, unknown>;
      sent.push({ key: request.headers.get('Idempotency-Key'), body });
      if (sent.length === 1) return refused(503, { code: 'unavailable', message: 'Try again.' });
      const done = ['moved', 'cancelled', 'kept'];
      const refusal = { code: 'booking_not_changeable', message: 'It has started.' };
      return ok(
        {
          time_off: {},
          bookings: bookings.map((one, at) => ({
            booking: one,
            done: done[at],
            old_starts_at: one.starts_at,
            refused: at === 2 ? refusal : null,
          })),
        },
        201,
      );
    }),
  );
});

test('each appointment gets a decision, and a repetition has the same key', async () => {
  const { person: desk } = visit('/portal/absences?doctor=doctor-1&date=2026-11-24');
  await desk.click(await screen.findByRole('button', { name: 'Show the appointments' }));

  // Without an alternative it cannot be moved.
  expect(await screen.findByText('2 to move, 1 to keep, 0 to cancel')).toBeVisible();
  expect(screen.getByText(/1 patient cannot get a message/)).toBeVisible();
  await desk.selectOptions(
    screen.getByLabelText('What happens to the appointment of Ben'),
    'Cancel the appointment',
  );
  await desk.type(screen.getByLabelText(/Reason for the patients/), 'Away today.');
  await desk.click(screen.getByRole('button', { name: 'Record the absence' }));
  await screen.findByRole('alert');
  await desk.click(screen.getByRole('button', { name: 'Record the absence' }));

  expect(await screen.findByRole('heading', { name: 'Not changed (1)' })).toBeVisible();
  expect(screen.getByText('It has started.')).toBeVisible();
  expect(screen.getByRole('heading', { name: 'Patients to call (1)' })).toBeVisible();
  expect(screen.getByRole('link', { name: '020 7946 0999' })).toHaveAttribute('href', 'tel:+442079460999');
  expect(new Set(sent.map(({ key }) => key)).size).toBe(1);
  expect(sent[1]?.body).toMatchObject({
    doctor: 'doctor-1',
    from: '2026-11-24',
    closes: '24:00',
    note: 'Away today.',
    bookings: [
      { booking: 'booking-Ann', action: 'move', slot: 'slot-9' },
      { booking: 'booking-Ben', action: 'cancel' },
      { booking: 'booking-Cat', action: 'keep' },
    ],
  });
});

test('a message goes to the chosen patients, and says whom to call', async () => {
  let body: unknown;
  const keys = new Set<string | null>();
  server.use(
    http.post(url('portal/absences/messages/'), async ({ request }) => {
      body = await request.json();
      keys.add(request.headers.get('Idempotency-Key'));
      return ok({ reached: 1, not_reached: 1, people: [person('Ann', ['email']), person('Ben', [])] }, 201);
    }),
  );
  const { person: desk } = visit('/portal/absences?doctor=doctor-1&date=2026-11-24');
  await desk.click(await screen.findByRole('button', { name: 'Show the appointments' }));
  await desk.click(await screen.findByRole('button', { name: 'Only send a message' }));

  await desk.click(await screen.findByRole('checkbox', { name: /Cat/ }));
  await desk.type(screen.getByLabelText('Message'), 'Use the back door.');
  await desk.click(screen.getByRole('button', { name: 'Send the message' }));

  expect(await screen.findByText('The message goes to 1 patient.')).toBeVisible();
  expect(screen.getByRole('heading', { name: 'Patients to call (1)' })).toBeVisible();
  expect(body).toEqual({ bookings: ['booking-Ann', 'booking-Ben'], text: 'Use the back door.' });

  await desk.click(screen.getByRole('button', { name: 'Back to the appointments' }));
  await desk.click(await screen.findByRole('button', { name: 'Only send a message' }));
  await desk.type(await screen.findByLabelText('Message'), 'Ring the bell.');
  await desk.click(screen.getByRole('button', { name: 'Send the message' }));
  expect(await screen.findByText('The message goes to 1 patient.')).toBeVisible();
  expect(keys.size).toBe(2);
});
