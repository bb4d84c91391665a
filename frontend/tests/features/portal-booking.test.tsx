import { screen, within } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { expect, test } from 'vitest';
import type { BookingPanel, VisitNote } from '@/gen';
import { booking, user } from '../factories';
import { ok, refused, server, url } from '../server';
import { signedIn, visit } from '../visit';

const MOMENT = { at: '2026-11-23T08:50:00Z', local_date: '2026-11-23', local_time: '08:50' };
const ACTIONS = ['confirm', 'check_in', 'start', 'complete', 'no_show', 'undo', 'cancel', 'move'] as const;

type Name = (typeof ACTIONS)[number];

function panel(allowed: Name[], overrides: Partial<BookingPanel> = {}): BookingPanel {
  return {
    ...booking({ id: 'booking-1' }),
    patient: {
      id: 'patient-1',
      name: 'Sam Fisher',
      first_name: 'Sam',
      last_name: 'Fisher',
      date_of_birth: '1980-03-31',
      age: 46,
      phone: '+442079460018',
      phone_display: '020 7946 0018',
      phone_problem: '',
      email: 'sam@example.com',
      email_problem: '',
      address_problems: [],
      alerts: { allergies: 'Penicillin', conditions: '', medication: '' },
      carers: [],
      dependants: [],
    },
    answers: [],
    version: 0,
    may_write_note: false,
    actions: ACTIONS.map((name) => ({
      name,
      is_allowed: allowed.includes(name),
      refusal: allowed.includes(name) ? '' : 'Not now.',
    })),
    undo: null,
    history: { counts: { completed: 0, no_show: 0, cancelled: 0 }, past: [], upcoming: [] },
    events: [{ kind: 'booked', text: 'booked', when: MOMENT, by: 'Sam Fisher', note: '', private_note: '' }],
    ...overrides,
  } as BookingPanel;
}

/** Serves a booking whose status the steps change, for a doctor or another role. */
function serve(first: BookingPanel, role: 'doctor' | 'receptionist' = 'doctor') {
  const shown = { now: first };
  server.use(
    http.get(url('auth/profile/'), () => ok(user({ role }))),
    http.get(url('portal/bookings/booking-1/'), () => ok(shown.now)),
    http.get(url('portal/bookings/booking-1/messages/'), () => ok([])),
  );
  signedIn();
  return shown;
}

test('the next step is one button, and what was done can be undone', async () => {
  const shown = serve(panel(['check_in', 'no_show']));
  const undone: unknown[] = [];
  server.use(
    http.post(url('appointments/bookings/booking-1/check-in/'), () => {
      shown.now = panel(['start'], { status: 'CHECKED_IN' });
      return ok(shown.now);
    }),
    http.post(url('portal/bookings/booking-1/undo/'), async ({ request }) => {
      undone.push(await request.json());
      shown.now = panel(['check_in']);
      return ok(shown.now);
    }),
  );
  const { person } = visit('/portal/bookings/booking-1');

  await person.click(await screen.findByRole('button', { name: 'Arrived' }));
  expect(await screen.findByText('Sam Fisher has arrived')).toBeInTheDocument();
  expect(await screen.findByRole('button', { name: 'Start visit' })).toBeVisible();
  expect(screen.getByRole('group', { name: 'Actions' })).toHaveFocus();
  await person.click(screen.getByRole('button', { name: 'Undo' }));

  expect(await screen.findByRole('button', { name: 'Arrived' })).toBeVisible();
  expect(undone).toEqual([{ status: 'CHECKED_IN' }]);
});

test('the focus stays where the user has moved it while a step was being saved', async () => {
  const shown = serve(panel(['check_in', 'move']));
  let save = () => {};
  const saving = new Promise<void>((resolve) => {
    save = resolve;
  });
  server.use(
    http.post(url('appointments/bookings/booking-1/check-in/'), async () => {
      await saving;
      shown.now = panel(['start', 'move'], { status: 'CHECKED_IN' });
      return ok(shown.now);
    }),
  );
  const { person } = visit('/portal/bookings/booking-1');
  await person.click(await screen.findByRole('button', { name: 'Arrived' }));
  const elsewhere = screen.getByRole('link', { name: 'Skip to main content' });

  elsewhere.focus();
  save();

  expect(await screen.findByText('Sam Fisher has arrived')).toBeInTheDocument();
  expect(await screen.findByRole('button', { name: 'Start visit' })).toBeVisible();
  expect(elsewhere).toHaveFocus();
});

test('when somebody else was faster, the present state is shown with who changed it', async () => {
  const shown = serve(panel(['complete'], { status: 'IN_PROGRESS' }));
  server.use(
    http.post(url('appointments/bookings/booking-1/complete/'), () => {
      const event = { text: 'completed', when: MOMENT, by: 'Ada Admin', note: '', private_note: '' };
      shown.now = panel([], { status: 'COMPLETED', events: [{ kind: 'completed', ...event }] });
      return refused(409, { code: 'booking_over' });
    }),
  );
  const { person } = visit('/portal/bookings/booking-1');

  await person.click(await screen.findByRole('button', { name: 'Complete visit' }));

  const alert = await screen.findByRole('alert');
  expect(alert).toHaveTextContent('Last change: completed, 8:50 am, Ada Admin.');
  expect(within(alert).getByText('Completed')).toBeVisible();
});

test('a visit that was moved meanwhile is not completed, and its present time is shown', async () => {
  const shown = serve(panel(['complete'], { status: 'CHECKED_IN' }));
  const sent: unknown[] = [];
  server.use(
    http.post(url('appointments/bookings/booking-1/complete/'), async ({ request }) => {
      sent.push(await request.json());
      const event = { text: 'rescheduled', when: MOMENT, by: 'Ada Admin', note: '', private_note: '' };
      shown.now = panel(['complete'], {
        status: 'CHECKED_IN',
        version: 1,
        local_time: '15:00',
        events: [{ kind: 'rescheduled', ...event }],
      });
      return refused(409, { code: 'booking_changed' });
    }),
  );
  const { person } = visit('/portal/bookings/booking-1');

  await person.click(await screen.findByRole('button', { name: 'Complete visit' }));

  const alert = await screen.findByRole('alert');
  expect(alert).toHaveTextContent('Last change: rescheduled, 8:50 am, Ada Admin.');
  expect(alert).toHaveTextContent(/Its time now: .*3:00 pm, London time, Dr/);
  expect(sent).toEqual([{ version: 0 }]);
});

test('offline, a note that was typed stays, and is saved once there is a connection again', async () => {
  serve(panel([], { status: 'IN_PROGRESS', may_write_note: true }));
  let connected = false;
  const sent: unknown[] = [];
  server.use(
    http.get(url('portal/bookings/booking-1/notes/'), () => ok([])),
    http.post(url('portal/bookings/booking-1/notes/'), async ({ request }) => {
      if (!connected) return HttpResponse.error();
      sent.push(await request.json());
      return ok([{ version: 1, text: 'Tension headache.', by: 'Amara Okafor', saved: MOMENT }], 201);
    }),
  );
  const { person } = visit('/portal/bookings/booking-1');
  const field = await screen.findByRole('textbox', { name: 'Visit note' });
  await person.type(field, 'Tension headache.');

  await person.click(screen.getByRole('button', { name: 'Save note' }));
  expect(await screen.findByRole('alert')).toHaveTextContent('We could not connect');
  expect(field).toHaveValue('Tension headache.');
  expect(screen.getByText('Not saved yet')).toBeVisible();
  connected = true;
  await person.click(screen.getByRole('button', { name: 'Save note' }));

  expect(await screen.findByText(/Version 1, saved/)).toBeVisible();
  expect(sent).toEqual([{ text: 'Tension headache.', based_on: 0 }]);
});

test('a reason for a cancellation needs the choice of who may read it', async () => {
  serve(panel(['cancel']), 'receptionist');
  const sent: unknown[] = [];
  server.use(
    http.post(url('appointments/bookings/booking-1/cancel/'), async ({ request }) => {
      sent.push(await request.json());
      return ok(panel([], { status: 'CANCELLED' }));
    }),
  );
  const { person } = visit('/portal/bookings/booking-1');

  await person.click(await screen.findByRole('button', { name: 'Cancel appointment…' }));
  const dialog = await screen.findByRole('dialog', { hidden: true });
  await person.type(within(dialog).getByLabelText(/Reason/), 'Was rude');
  await person.click(within(dialog).getByRole('button', { name: 'Cancel appointment', hidden: true }));
  expect((await within(dialog).findAllByText('Choose who may read the reason.'))[0]).toBeVisible();
  await person.click(within(dialog).getByLabelText(/Keep it private/));
  await person.click(within(dialog).getByRole('button', { name: 'Cancel appointment', hidden: true }));

  expect(await screen.findByText(/appointment cancelled/)).toBeInTheDocument();
  expect(sent).toEqual([{ private_reason: 'Was rude', version: 0 }]);
});

test('a note that was saved in another place is shown next to the own text, which is saved after it', async () => {
  serve(panel(['complete'], { status: 'IN_PROGRESS', may_write_note: true }));
  const other: VisitNote = { version: 1, text: 'From the other tab', by: 'Amara Okafor', saved: MOMENT };
  let versions: VisitNote[] = [];
  const sent: unknown[] = [];
  server.use(
    http.get(url('portal/bookings/booking-1/notes/'), () => ok(versions)),
    http.post(url('portal/bookings/booking-1/notes/'), async ({ request }) => {
      const body = (await request.json()) as { text: string; based_on: number };
      sent.push(body.based_on);
      if (versions.length === 0) {
        versions = [other];
        return refused(409, { code: 'note_changed' });
      }
      versions = [{ ...other, version: 2, text: body.text }, ...versions];
      return ok(versions, 201);
    }),
  );
  const { person } = visit('/portal/bookings/booking-1');

  const field = await screen.findByRole('textbox', { name: 'Visit note' });
  await person.type(field, 'Mine');
  await person.click(screen.getByRole('button', { name: 'Save note' }));
  expect(await screen.findByText('From the other tab')).toBeVisible();
  expect(field).toHaveValue('Mine');
  await person.click(screen.getByRole('button', { name: 'Save note' }));

  expect(await screen.findByText(/Version 2, saved/)).toBeVisible();
  expect(sent).toEqual([0, 1]);
  expect(sessionStorage.getItem('draft:visit-note-booking-1')).toBeNull();
});
