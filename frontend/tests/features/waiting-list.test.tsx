import { screen, within } from '@testing-library/react';
import { http } from 'msw';
import { beforeEach, expect, test } from 'vitest';
import {
  bookedVisit,
  booking,
  clinic,
  dependant,
  doctor,
  offer,
  page,
  question,
  slot,
  visitType,
  waitlistEntry,
} from '../factories';
import { ok, refused, server, url } from '../server';
import { address, signedIn, visit } from '../visit';

let sent: string[] = [];

async function recordRequest(request: Request): Promise<void> {
  const body = await request.text();
  const path = new URL(request.url).pathname.replace('/api/appointments/waitlist/', '');
  sent.push([request.method, path, body].filter(Boolean).join(' '));
}

/** Serves a waiting list with these entries and records all requests. */
function serveWaitlist(...entries: ReturnType<typeof waitlistEntry>[]): void {
  server.use(
    http.get(url('appointments/my-bookings/'), () => ok(page([]))),
    http.get(url('appointments/bookings/:id/'), () => ok(booking())),
    http.get(url('appointments/waitlist/'), () => ok(page(entries))),
    http.post(url('appointments/waitlist/'), async ({ request }) => {
      await recordRequest(request);
      return ok(waitlistEntry(), 201);
    }),
    http.post(url('appointments/waitlist/offers/:id/:answer/'), async ({ request, params }) => {
      await recordRequest(request);
      return ok(params.answer === 'accept' ? booking() : null);
    }),
    http.delete(url('appointments/waitlist/:id/'), async ({ request }) => {
      await recordRequest(request);
      serveWaitlist();
      return ok(null);
    }),
  );
}

beforeEach(() => {
  sent = [];
  signedIn();
  serveWaitlist();
});

test('a patient can wait for any doctor of a specialty', async () => {
  const { person } = visit('/waiting-list?specialty=general_medicine&from=2026-12-01');

  expect(await screen.findByText('General medicine')).toBeVisible();
  expect(screen.getByRole('link', { name: 'View all times' })).toHaveAttribute(
    'href',
    '/first-available?specialty=general_medicine',
  );
  await person.click(screen.getByRole('button', { name: 'Join the waiting list' }));

  await screen.findByRole('heading', { level: 1, name: 'My appointments' });
  expect(sent).toEqual(['POST {"specialty":"general_medicine","from":"2026-12-01","to":"2026-12-29"}']);
});

test('the chosen weekdays are sent, and the server’s error is shown at the field', async () => {
  server.use(
    http.post(url('appointments/waitlist/'), async ({ request }) => {
      await recordRequest(request);
      return refused(400, {
        code: 'invalid',
        errors: { weekdays: ['None of these weekdays is among your days.'] },
      });
    }),
  );
  const { person } = visit('/waiting-list?specialty=general_medicine&from=2026-12-01');

  await person.click(await screen.findByRole('checkbox', { name: 'Tuesday' }));
  await person.click(screen.getByRole('checkbox', { name: 'Friday' }));
  await person.click(screen.getByRole('button', { name: 'Join the waiting list' }));

  await person.click(await screen.findByRole('link', { name: 'None of these weekdays is among your days.' }));
  expect(screen.getByRole('checkbox', { name: 'Monday' })).toHaveFocus();
  expect(screen.getByRole('group', { name: 'Days of the week that suit you' })).toHaveAccessibleDescription(
    'Leave all boxes empty if any day suits you. None of these weekdays is among your days.',
  );
  expect(sent[0]).toContain('"weekdays":[1,4]');
});

test('an entry shows its days of the week', async () => {
  serveWaitlist(waitlistEntry({ weekdays: [1, 4] }));

  visit('/appointments?waiting');

  expect(await screen.findByText('Tuesday, Friday')).toBeVisible();
});

test('a doctor without times links to the waiting list, which the patient joins for some days', async () => {
  server.use(
    http.get(url('appointments/available/'), () => ok(page([]))),
    http.get(url('users/doctors/:id/'), () =>
      ok(doctor({ next_available: null, next_available_local: null })),
    ),
  );
  const { person } = visit('/doctors/doctor-1?from=2026-11-24');

  await person.click(await screen.findByRole('link', { name: 'Join the waiting list' }));
  expect(await screen.findByRole('heading', { name: 'Join the waiting list' })).toHaveFocus();
  expect(address()).toBe('/waiting-list?doctor=doctor-1&from=2026-11-24');
  serveWaitlist(waitlistEntry());
  await person.click(screen.getByRole('button', { name: 'Join the waiting list' }));

  expect(await screen.findByText('You are number 2 of 5.')).toBeVisible();
  expect(screen.getByText(/We will email you when an appointment becomes available/)).toBeVisible();
  expect(screen.getByText('Free times are offered one patient at a time.')).toBeVisible();
  expect(sent).toEqual(['POST {"doctor":"doctor-1","from":"2026-11-24","to":"2026-12-22"}']);
});

test('a taken time without alternatives links to the waiting list', async () => {
  server.use(
    http.get(url('appointments/available/'), () => ok(page([]))),
    http.get(url('appointments/available/nearest/'), () => ok({ alternatives: [] })),
  );

  visit('/booking/slot-1?doctor=doctor-1&date=2026-11-24');

  expect(await screen.findByRole('link', { name: 'Join the waiting list' })).toHaveAttribute(
    'href',
    '/waiting-list?doctor=doctor-1',
  );
});

test('a carer chooses the patient, and the server’s error is shown at the field', async () => {
  const errors = { to: ['Choose a day that is not past.'] };
  server.use(
    http.get(url('users/dependants/'), () => ok(page([dependant()]))),
    http.get(url('clinic/'), () => ok(clinic({ visit_types: [visitType()] }))),
    http.post(url('appointments/waitlist/'), async ({ request }) => {
      await recordRequest(request);
      return refused(400, { code: 'invalid', errors });
    }),
  );
  const { person } = visit('/waiting-list?doctor=doctor-1');

  await person.click(await screen.findByRole('button', { name: 'Join the waiting list' }));
  expect(await screen.findByRole('link', { name: 'Select who the appointment is for' })).toBeVisible();
  await person.selectOptions(screen.getByLabelText('Who is the appointment for?'), 'Mia Jones');
  await person.click(screen.getByRole('button', { name: 'Join the waiting list' }));

  expect(await screen.findByRole('link', { name: 'Choose a day that is not past.' })).toBeVisible();
  expect(sent).toEqual([
    'POST {"doctor":"doctor-1","from":"2026-11-23","to":"2026-12-21","visit_type":"visit-1","patient":"child-1"}',
  ]);
});

test('an offer is shown on top with its expiry time, and accepting it asks the visit type’s questions', async () => {
  const offered = offer({ time: { ...offer().time, visit_type: bookedVisit() } });
  serveWaitlist(waitlistEntry({ status: 'offered', offer: offered }));
  server.use(
    http.get(url('clinic/'), () => ok(clinic({ visit_types: [visitType({ questions: [question()] })] }))),
  );
  const { person } = visit('/appointments');

  const card = await screen.findByRole('article', { name: 'An appointment is available' });
  expect(within(card).getByText('9:30 am to 9:45 am, London time')).toBeVisible();
  expect(within(card).getByText('Mon 23 Nov, 10:42 am')).toBeVisible();
  await person.click(within(card).getByRole('link', { name: 'Accept' }));
  await person.click(await screen.findByRole('button', { name: 'Accept appointment' }));
  expect(screen.getByRole('alert')).toHaveFocus();
  await person.click(screen.getByRole('radio', { name: 'No' }));
  await person.click(screen.getByRole('button', { name: 'Accept appointment' }));

  expect(await screen.findByRole('heading', { name: 'Your appointment is booked' })).toBeVisible();
  expect(sent).toEqual(['POST offers/offer-1/accept/ {"reason":"","answers":{"question-1":"no"}}']);
});

test.each(['offer_ended', 'offer_withdrawn'])('%s: says why, and lists other times', async (code) => {
  serveWaitlist(waitlistEntry({ offer: offer() }));
  const message = 'This offer has ended. You are still on the waiting list.';
  const near = slot({ id: 'slot-2', local_time: '10:00' });
  server.use(
    http.post(url('appointments/waitlist/offers/:id/accept/'), () =>
      refused(409, { code, message, data: { alternatives: [near] } }),
    ),
  );
  const { person } = visit('/waiting-list/entry-1/accept');

  await person.click(await screen.findByRole('button', { name: 'Accept appointment' }));

  expect(await screen.findByRole('heading', { name: 'This time is no longer available' })).toHaveFocus();
  expect(screen.getByText(message)).toBeVisible();
  expect(screen.getByRole('link', { name: /10:00 am/ })).toBeVisible();
});

test('an accepted offer can replace a later appointment', async () => {
  serveWaitlist(waitlistEntry({ offer: offer({ can_replace: ['booking-2'] }) }));
  const later = booking({ id: 'booking-2', local_date: '2026-12-03', local_time: '14:00' });
  server.use(http.get(url('appointments/my-bookings/'), () => ok(page([booking(), later]))));
  const { person } = visit('/waiting-list/entry-1/accept');

  const question = await screen.findByRole('group', { name: 'Do you still need your later appointment?' });
  expect(within(question).getAllByRole('radio')).toHaveLength(2);
  expect(within(question).getByRole('radio', { name: 'Yes, keep it' })).toBeChecked();
  await person.click(within(question).getByRole('radio', { name: /replace my appointment on Thu 3 Dec/ }));
  await person.click(screen.getByRole('button', { name: 'Accept appointment' }));

  expect(await screen.findByRole('heading', { name: 'Your appointment is booked' })).toBeVisible();
  expect(screen.getByText('We have cancelled your later appointment.')).toBeVisible();
  expect(sent).toEqual(['POST offers/offer-1/accept/ {"reason":"","answers":{},"replaces":"booking-2"}']);
});

test('the reason why nobody can join is shown', async () => {
  const message = 'No doctor takes bookings for this here. Choose another specialty, or call the clinic.';
  server.use(
    http.post(url('appointments/waitlist/'), () => refused(422, { code: 'no_doctor_available', message })),
  );
  const { person } = visit('/waiting-list?specialty=general_medicine');

  await person.click(await screen.findByRole('button', { name: 'Join the waiting list' }));

  expect(await screen.findByRole('alert')).toHaveTextContent(message);
});

test('an offer can be declined', async () => {
  serveWaitlist(waitlistEntry({ offer: offer() }));
  const { person } = visit('/appointments');

  const decline = await screen.findByRole('button', { name: /^Decline/ });
  serveWaitlist(waitlistEntry());
  await person.click(decline);

  expect(await screen.findByText('You are number 2 of 5.')).toBeVisible();
  await expect.poll(() => screen.queryByRole('article')).toBeNull();
  expect(screen.getByText(/^You have declined this appointment/)).toHaveFocus();
  expect(sent).toEqual(['POST offers/offer-1/decline/']);
});

test('leaving the list asks for confirmation', async () => {
  serveWaitlist(waitlistEntry());
  const { person } = visit('/appointments');

  await person.click(await screen.findByRole('button', { name: /^Leave the waiting list/ }));
  expect(sent).toEqual([]);
  const leave = screen.getByRole('button', { name: 'Yes, leave the list' });
  expect(leave).toHaveFocus();
  await person.click(leave);

  await expect.poll(() => screen.queryByRole('heading', { name: 'Waiting list' })).toBeNull();
  await expect.poll(() => document.activeElement?.textContent).toBe('You have left the waiting list.');
  expect(sent).toEqual(['DELETE entry-1/']);
});

test('staying on the list returns the focus, and a single day is shown once', async () => {
  serveWaitlist(waitlistEntry({ from: '2026-11-24', to: '2026-11-24' }));
  const { person } = visit('/appointments');

  await person.click(await screen.findByRole('button', { name: /^Leave the waiting list/ }));
  await person.click(screen.getByRole('button', { name: 'Stay on the list' }));

  expect(screen.getByRole('button', { name: /^Leave the waiting list/ })).toHaveFocus();
  expect(screen.getByText(/^On Tue 24 Nov/)).toBeVisible();
  expect(sent).toEqual([]);
});

test('the waiting list is linked below the times', async () => {
  visit('/doctors/doctor-1?from=2026-11-24');

  expect(await screen.findByRole('radio', { name: '9:30 am' })).toBeVisible();
  expect(await screen.findByRole('link', { name: 'Join the waiting list' })).toHaveAttribute(
    'href',
    '/waiting-list?doctor=doctor-1&from=2026-11-24',
  );
});

test('the waiting list is not linked if no doctor offers the visit', async () => {
  server.use(http.get(url('appointments/waitlist/possible/'), () => ok({ is_possible: false })));

  const { person } = visit('/doctors/doctor-1?from=2026-11-24');
  await person.click(await screen.findByRole('radio', { name: '9:30 am' }));

  expect(screen.queryByRole('link', { name: 'Join the waiting list' })).not.toBeInTheDocument();
});

test('the page for joining refuses a visit that no doctor offers', async () => {
  server.use(http.get(url('appointments/waitlist/possible/'), () => ok({ is_possible: false })));

  visit('/waiting-list?doctor=doctor-1');

  expect(await screen.findByText(/^You cannot wait for this appointment/)).toBeVisible();
  expect(screen.queryByLabelText('Earliest date')).not.toBeInTheDocument();
});

test('the page for joining without a doctor does not exist, and asks for none', async () => {
  const asked: string[] = [];
  server.events.on('request:start', ({ request }) => asked.push(new URL(request.url).pathname));

  visit('/waiting-list');

  expect(await screen.findByRole('heading', { level: 1, name: 'Page not found' })).toBeVisible();
  expect(asked.filter((path) => path.startsWith('/api/users/doctors'))).toEqual([]);
});
