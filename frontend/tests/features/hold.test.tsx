import { act, screen, waitFor, within } from '@testing-library/react';
import { http } from 'msw';
import { beforeEach, expect, test } from 'vitest';
import { booking, clinic, dependant, hold, page, slot, visitType } from '../factories';
import { passTime } from '../passing-time';
import { ok, refused, server, url } from '../server';
import { address, signedIn, visit } from '../visit';

const DETAILS = '/booking/slot-1?doctor=doctor-1&date=2026-11-24';
const CHECK = '/booking/slot-1/check?doctor=doctor-1&date=2026-11-24';

let requests: string[] = [];

async function recordRequest(request: Request): Promise<void> {
  const body = request.method === 'DELETE' ? '' : ` ${JSON.stringify(await request.json())}`;
  requests.push(
    `${request.method} ${new URL(request.url).pathname.replace('/api/appointments/', '')}${body}`,
  );
}

/** A server that grants every hold for ten minutes. */
function acceptRequests(): void {
  server.use(
    http.get(url('appointments/bookings/:id/'), () => ok(booking())),
    http.post(url('appointments/holds/'), async ({ request }) => {
      await recordRequest(request);
      const id = `hold-${requests.filter((line) => line.startsWith('POST holds/')).length}`;
      return ok(hold({ id, held_until: new Date(Date.now() + 600_000).toISOString() }), 201);
    }),
    http.delete(url('appointments/holds/:id/'), async ({ request }) => {
      await recordRequest(request);
      return ok(null);
    }),
    http.post(url('appointments/bookings/'), async ({ request }) => {
      await recordRequest(request);
      return ok(booking(), 201);
    }),
  );
}

/** Moves the clock forward. */
function advanceClock(minutes: number, seconds = 0): Promise<void> {
  return act(() => passTime((minutes * 60 + seconds) * 1000));
}

beforeEach(() => {
  requests = [];
  signedIn();
  acceptRequests();
});

test('the slot is held while the details are entered, and the hold becomes the booking', async () => {
  const { person } = visit(DETAILS);

  expect(await screen.findByText('9:10 am, London time')).toBeVisible();
  // A held slot is missing from the open slots.
  server.use(http.get(url('appointments/available/'), () => ok(page([]))));
  await person.click(screen.getByRole('button', { name: 'Continue' }));
  const confirm = await screen.findByRole('button', { name: 'Confirm appointment' });
  expect(screen.getByText('9:10 am, London time')).toBeVisible();
  await person.click(confirm);

  await screen.findByRole('heading', { name: 'Your appointment is booked' });
  expect(requests).toEqual(['POST holds/ {"slot":"slot-1"}', 'POST bookings/ {"hold":"hold-1","reason":""}']);
  expect(sessionStorage.getItem('draft:hold')).toBeNull();
});

test('a hold includes the visit type', async () => {
  server.use(http.get(url('clinic/'), () => ok(clinic({ visit_types: [visitType()] }))));

  visit(DETAILS);

  await screen.findByText('9:10 am, London time');
  expect(requests).toEqual(['POST holds/ {"slot":"slot-1","visit_type":"visit-1"}']);
});

test('a hold warns two minutes before it expires, asks 45 seconds before, and can be extended', async () => {
  const { person } = visit(DETAILS);
  await person.type(await screen.findByRole('textbox'), 'Sore throat');
  await screen.findByText('9:10 am, London time');

  await advanceClock(7, 58);
  expect(screen.queryByText('You have less than 2 minutes left.')).toBeNull();
  await advanceClock(0, 3);
  expect(screen.getByText('You have less than 2 minutes left.')).toBeVisible();
  expect(screen.queryByRole('dialog')).toBeNull();
  await advanceClock(1, 15);
  const dialog = screen.getByRole('dialog', { name: 'Do you need more time?' });
  await person.click(within(dialog).getByRole('button', { name: 'Yes, keep this time' }));

  expect(await screen.findByText('9:19 am, London time')).toBeVisible();
  expect(screen.queryByRole('dialog')).toBeNull();
  expect(requests).toHaveLength(2);
  expect(screen.getByRole('textbox')).toHaveValue('Sore throat');
});

test('when the hold expires the details are kept and the slot can be held again', async () => {
  const { person } = visit(DETAILS);
  await person.type(await screen.findByRole('textbox'), 'Sore throat');
  await screen.findByText('9:10 am, London time');

  await advanceClock(10);

  expect(screen.getByText(/no longer holding this time/)).toBeVisible();
  expect(screen.getByRole('textbox')).toHaveValue('Sore throat');
  await person.click(screen.getByRole('button', { name: 'Hold this time again' }));
  expect(await screen.findByText('9:20 am, London time')).toBeVisible();
});

test('a slot with an expired hold is booked like any other', async () => {
  const { person } = visit(CHECK);
  await screen.findByText('9:10 am, London time');

  await advanceClock(10);
  await person.click(screen.getByRole('button', { name: 'Confirm appointment' }));

  await screen.findByRole('heading', { name: 'Your appointment is booked' });
  expect(requests.at(-1)).toBe('POST bookings/ {"slot":"slot-1","reason":""}');
});

test('if the server has already released the hold, the slot itself is booked with a new key', async () => {
  const keys: (string | null)[] = [];
  server.use(
    http.post(url('appointments/bookings/'), async ({ request }) => {
      keys.push(request.headers.get('Idempotency-Key'));
      await recordRequest(request);
      return keys.length === 1 ? refused(409, { code: 'hold_expired' }) : ok(booking(), 201);
    }),
  );
  const { person } = visit(CHECK);
  await screen.findByText('9:10 am, London time');

  await person.click(screen.getByRole('button', { name: 'Confirm appointment' }));

  await screen.findByRole('heading', { name: 'Your appointment is booked' });
  expect(requests.slice(1)).toEqual([
    'POST bookings/ {"hold":"hold-1","reason":""}',
    'POST bookings/ {"slot":"slot-1","reason":""}',
  ]);
  expect(new Set(keys).size).toBe(2);
});

test('a taken slot cannot be held and the nearest times are offered', async () => {
  const near = slot({ id: 'slot-2', local_time: '10:00' });
  server.use(
    http.post(url('appointments/holds/'), () =>
      refused(409, { code: 'slot_taken', data: { alternatives: [near] } }),
    ),
  );

  visit(DETAILS);

  expect(await screen.findByRole('heading', { name: 'This time is no longer available' })).toBeVisible();
  expect(screen.getByRole('link', { name: /10:00 am/ })).toHaveAttribute(
    'href',
    '/booking/slot-2?doctor=doctor-1&date=2026-11-24',
  );
});

test('another refusal is shown before the form is filled in', async () => {
  const message = 'There is already an appointment at that time.';
  server.use(http.post(url('appointments/holds/'), () => refused(409, { code: 'patient_busy', message })));

  visit(DETAILS);

  expect(await screen.findByRole('alert')).toHaveTextContent(message);
});

test('going back to the times releases the hold', async () => {
  const { person } = visit(DETAILS);
  await screen.findByText('9:10 am, London time');

  await person.click(screen.getByRole('link', { name: /^Change ?When/ }));

  await waitFor(() => expect(requests.at(-1)).toBe('DELETE holds/hold-1/'));
  expect(address()).toBe('/doctors/doctor-1?from=2026-11-24&slot=slot-1');
});

test('a slot for a dependant is held for the dependant', async () => {
  server.use(http.get(url('users/dependants/'), () => ok(page([dependant()]))));
  const { person } = visit(DETAILS);
  await screen.findByText('9:10 am, London time');
  // The slot is missing from the open slots while the hold is replaced.
  server.use(http.get(url('appointments/available/'), () => ok(page([]))));

  await person.click(await screen.findByRole('radio', { name: 'Mia Jones' }));
  await person.click(screen.getByRole('button', { name: 'Continue' }));
  await screen.findByRole('heading', { name: 'Check your answers' });
  await screen.findByText('9:10 am, London time');
  await person.click(screen.getByRole('button', { name: 'Confirm appointment' }));

  await screen.findByRole('heading', { name: 'Your appointment is booked' });
  expect(requests).toEqual([
    'POST holds/ {"slot":"slot-1"}',
    'DELETE holds/hold-1/',
    'POST holds/ {"slot":"slot-1","patient":"child-1"}',
    'POST bookings/ {"hold":"hold-2","reason":"","patient":"child-1"}',
  ]);
});

test('a pending hold is awaited, and released for another member of the family', async () => {
  let answer = (): void => undefined;
  const slow = new Promise<void>((done) => {
    answer = done;
  });
  server.use(
    http.get(url('users/dependants/'), () => ok(page([dependant()]))),
    http.post(url('appointments/holds/'), async ({ request }) => {
      await recordRequest(request);
      const number = requests.filter((line) => line.startsWith('POST holds/')).length;
      if (number === 1) await slow;
      return ok(hold({ id: `hold-${number}` }), 201);
    }),
  );
  const { person } = visit(DETAILS);

  await person.click(await screen.findByRole('radio', { name: 'Mia Jones' }));
  await person.click(screen.getByRole('button', { name: 'Continue' }));
  await person.click(await screen.findByRole('button', { name: 'Confirm appointment' }));
  answer();

  await screen.findByRole('heading', { name: 'Your appointment is booked' });
  expect(requests).toEqual([
    'POST holds/ {"slot":"slot-1"}',
    'DELETE holds/hold-1/',
    'POST holds/ {"slot":"slot-1","patient":"child-1"}',
    'POST bookings/ {"hold":"hold-2","reason":"","patient":"child-1"}',
  ]);
});

test('a slot that the server holds before the response arrives does not look taken', async () => {
  let answer = () => {};
  const answered = new Promise<void>((done) => {
    answer = done;
  });
  server.use(
    http.post(url('appointments/holds/'), async () => {
      await answered;
      return ok(hold({ held_until: new Date(Date.now() + 600_000).toISOString() }), 201);
    }),
  );
  const { queries } = visit(CHECK);
  await screen.findByRole('button', { name: 'Confirm appointment' });

  server.use(http.get(url('appointments/available/'), () => ok(page([]))));
  await act(() => queries.refetchQueries());

  expect(screen.queryByText('This time is no longer available')).not.toBeInTheDocument();
  answer();
  expect(await screen.findByText('9:10 am, London time')).toBeVisible();
});

test('a second tab continues the hold of the first', async () => {
  // The slot is missing from the open slots, and the server answers with the hold that there is.
  server.use(http.get(url('appointments/available/'), () => ok(page([]))));
  const { person } = visit(DETAILS);

  expect(await screen.findByText('9:10 am, London time')).toBeVisible();
  await person.click(screen.getByRole('button', { name: 'Continue' }));
  await person.click(await screen.findByRole('button', { name: 'Confirm appointment' }));

  await screen.findByRole('heading', { name: 'Your appointment is booked' });
  expect(requests).toEqual(['POST holds/ {"slot":"slot-1"}', 'POST bookings/ {"hold":"hold-1","reason":""}']);
});

test('a slot that somebody else has is not available in a second tab either', async () => {
  server.use(
    http.get(url('appointments/available/'), () => ok(page([]))),
    http.post(url('appointments/holds/'), () => refused(409, { code: 'slot_taken' })),
  );

  visit(DETAILS);

  expect(await screen.findByRole('heading', { name: 'This time is no longer available' })).toBeVisible();
});
