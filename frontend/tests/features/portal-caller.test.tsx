import { screen, waitFor, within } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { beforeEach, expect, test } from 'vitest';
import { page, slot, user } from '../factories';
import { ok, refused, server, url } from '../server';
import { signedIn, visit } from '../visit';

const patient = (id: string, name: string, date_of_birth = '1980-05-04') => {
  const [first_name, last_name] = name.split(' ');
  return { id, name, first_name, last_name, date_of_birth, phone: '', phone_display: '', email: '' };
};
const NEWMAN = patient('p1', 'Nia Newman');
const NEWTON = patient('p2', 'Nia Newton', '1991-05-04');
const TIME = { ...slot(), id: 's1', doctor_name: 'Dr Marsh', others: 0, place: null };
const LATER = { ...TIME, id: 's2', local_time: '11:00', starts_at: '2026-11-24T11:00:00Z' };

interface Sent {
  bookings: { body: unknown; key: string | null }[];
  released: string[];
}

let sent: Sent;
let answerBooking: () => Response;

beforeEach(() => {
  sent = { bookings: [], released: [] };
  answerBooking = () => ok({ id: 'b1', status: 'CONFIRMED' }, 201);
  signedIn();
  server.use(
    http.get(url('auth/profile/'), () => ok(user({ role: 'receptionist' }))),
    http.get(url('portal/choices/'), () => ok({ visit_types: [], doctors: [], places: [] })),
    http.get(url('portal/next-free/'), () =>
      ok({ results: [TIME, LATER], next: null, searched_until: '2026-12-30' }),
    ),
    http.get(url('portal/patients/'), ({ request }) => {
      const q = new URL(request.url).searchParams.get('q') ?? '';
      const results = [NEWMAN, NEWTON].filter(({ name }) => name.toLowerCase().includes(q.toLowerCase()));
      return ok({ results, has_more: false });
    }),
    http.post(url('appointments/holds/'), async ({ request }) => {
      const { slot: held } = (await request.json()) as { slot: string };
      return ok({ id: `hold-${held}`, held_until: new Date(Date.now() + 600_000).toISOString() }, 201);
    }),
    http.delete(url('appointments/holds/:id/'), ({ params }) => {
      sent.released.push(String(params.id));
      return ok(null);
    }),
    http.post(url('appointments/bookings/'), async ({ request }) => {
      sent.bookings.push({ body: await request.json(), key: request.headers.get('Idempotency-Key') });
      return answerBooking();
    }),
    http.get(url('portal/waitlist/'), () => ok(page([]))),
    http.get(url('portal/bookings/b1/spoken/'), () =>
      ok({ appointment: 'That is Tuesday.', messages: 'You will get an email.', addresses: [] }),
    ),
  );
});

async function findNewman() {
  const { person } = visit('/portal/new');
  const field = await screen.findByRole('combobox', { name: 'Find the patient' });
  await person.type(field, 'new');
  await screen.findByRole('option', { name: /Nia Newman/ });
  return { person, field };
}

async function chooseNewman() {
  const { person } = await findNewman();
  await person.keyboard('{Enter}');
  const first = (await screen.findAllByRole('radio'))[0] as HTMLElement;
  await waitFor(() => expect(first).toHaveFocus());
  await person.keyboard('{Enter}');
  await screen.findByText(/Held until/);
  return person;
}

test('the keys move through the patients, and the field names the active one', async () => {
  const { person, field } = await findNewman();
  const options = screen.getAllByRole('option');
  const active = () => options.find(({ id }) => id === field.getAttribute('aria-activedescendant'));

  expect(field).toHaveAttribute('aria-expanded', 'true');
  expect(active()).toHaveTextContent('Nia Newmanborn 4 May 1980');
  await person.keyboard('{ArrowDown}');
  expect(active()).toHaveTextContent('Nia Newton');
  await person.keyboard('{ArrowUp}{ArrowUp}');
  expect(active()).toHaveTextContent('Register a new patient');
  await person.keyboard('{Escape}');
  expect(field).toHaveAttribute('aria-expanded', 'false');
  expect(field).toHaveValue('new');
  await person.keyboard('{Escape}');
  expect(field).toHaveValue('');
});

test('a patient who was found by an earlier text cannot be chosen', async () => {
  const { person, field } = await findNewman();

  await person.type(field, 't{Enter}');
  expect(field).toHaveValue('newt');
  await screen.findByRole('option', { name: /Nia Newton/ });
  await person.keyboard('{Enter}');

  expect(await screen.findByText('Nia Newton', { selector: 'strong' })).toBeInTheDocument();
});

test('Enter takes the patient, then the first time, and then books what is held', async () => {
  const person = await chooseNewman();
  await person.keyboard('{Enter}');

  expect(await screen.findByText('That is Tuesday.')).toBeInTheDocument();
  expect(sent.bookings.map(({ body }) => body)).toEqual([{ hold: 'hold-s1', patient: 'p1', reason: '' }]);
  expect(sent.released).toEqual([]);
});

test('a time that was taken meanwhile leads to the nearest ones and loses nothing', async () => {
  const person = await chooseNewman();
  await person.type(screen.getByLabelText(/Reason/), 'Cough');
  answerBooking = () => refused(409, { code: 'slot_taken', data: { alternatives: [LATER] } });
  await person.click(screen.getByRole('button', { name: 'Book' }));
  const problem = await screen.findByRole('alert');
  answerBooking = () => ok({ id: 'b1', status: 'CONFIRMED' }, 201);
  await person.click(within(problem).getByRole('button', { name: /11:00 am/ }));
  expect(screen.getByRole('button', { name: 'Book' })).toHaveFocus();
  await screen.findByText(/Held until/);
  await person.keyboard('{Enter}');

  await screen.findByText('That is Tuesday.');
  expect(sent.bookings.at(-1)?.body).toEqual({ hold: 'hold-s2', patient: 'p1', reason: 'Cough' });
});

test('double-booking is a second step after the refusal', async () => {
  const person = await chooseNewman();
  answerBooking = () => refused(409, { code: 'slot_taken', data: { alternatives: [] } });
  await person.click(screen.getByRole('button', { name: 'Book' }));
  answerBooking = () => ok({ id: 'b1', status: 'CONFIRMED' }, 201);
  await person.click(await screen.findByRole('button', { name: 'Double-book this time' }));

  await screen.findByText('That is Tuesday.');
  expect(sent.bookings.at(-1)?.body).toEqual({ slot: 's1', patient: 'p1', reason: '', overbook: true });
});

test('without a connection everything stays, and trying again cannot book twice', async () => {
  const person = await chooseNewman();
  await person.type(screen.getByLabelText(/Reason/), 'Cough');
  answerBooking = () => HttpResponse.error();
  await person.click(screen.getByRole('button', { name: 'Book' }));
  expect(await screen.findByRole('alert')).toHaveTextContent('We could not connect');
  expect(screen.getByLabelText(/Reason/)).toHaveValue('Cough');
  answerBooking = () => ok({ id: 'b1', status: 'CONFIRMED' }, 201);
  await person.click(screen.getByRole('button', { name: 'Book' }));

  await screen.findByText('That is Tuesday.');
  expect(new Set(sent.bookings.map(({ key }) => key)).size).toBe(1);
});

test('leaving the page ends the hold', async () => {
  const person = await chooseNewman();

  await person.click(screen.getByRole('link', { name: 'Waiting list' }));

  await waitFor(() => expect(sent.released).toEqual(['hold-s1']));
});

test('likely duplicates are listed before a patient is registered', async () => {
  const bodies: unknown[] = [];
  server.use(
    http.post(url('portal/patients/'), async ({ request }) => {
      bodies.push(await request.json());
      return bodies.length === 1
        ? refused(409, { code: 'possible_duplicates', data: { patients: [NEWMAN] } })
        : ok(patient('p3', 'Nia Newham'), 201);
    }),
  );
  const { person } = visit('/portal/new');
  await person.type(await screen.findByRole('combobox', { name: 'Find the patient' }), 'nia newham');
  await person.click(await screen.findByRole('option', { name: 'Register a new patient' }));
  await person.type(screen.getByLabelText('Date of birth'), '4.5.80');
  await person.click(screen.getByRole('button', { name: 'Register' }));
  const box = await screen.findByText('Is it one of these patients?');
  expect(box).toBeInTheDocument();
  await person.click(screen.getByRole('button', { name: 'No, register a new patient' }));

  expect(await screen.findByText('Nia Newham', { selector: 'strong' })).toBeInTheDocument();
  expect(bodies[1]).toMatchObject({ first_name: 'Nia', last_name: 'Newham', date_of_birth: '1980-05-04' });
});
