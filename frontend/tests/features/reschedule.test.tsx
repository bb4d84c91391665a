import { screen } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { beforeEach, expect, test } from 'vitest';
import { bookedVisit, booking, clinic, page, slot, visitType } from '../factories';
import { ok, refused, server, url } from '../server';
import { address, signedIn, visit } from '../visit';

const TIMES = { starts_at: '2026-11-24T11:00:00Z', local_time: '11:00', local_end_time: '11:15' };
const later = slot({ id: 'slot-2', ...TIMES });
const CONFIRM = '/appointments/booking-1/move/slot-2?doctor=doctor-1&date=2026-11-24';
const mine = booking({ visit_type: bookedVisit() });
const moved = { ...mine, ...TIMES, slot: 'slot-2' };

let sent: unknown[] = [];
let requests: (string | null)[] = [];

/** Responds to reschedule requests in order; the last response repeats. */
function answerWith(...answers: (() => Response)[]): void {
  server.use(
    http.post(url('appointments/bookings/:id/reschedule/'), async ({ request }) => {
      sent.push(await request.json());
      return (answers[sent.length - 1] ?? answers.at(-1))?.();
    }),
  );
}

beforeEach(() => {
  sent = [];
  requests = [];
  signedIn();
  server.use(
    http.get(url('appointments/bookings/:id/'), () => ok(mine)),
    http.get(url('appointments/available/'), ({ request }) => {
      requests.push(new URL(request.url).searchParams.get('visit_type'));
      return ok(page([later]));
    }),
  );
});

test('an appointment is rescheduled by choosing and confirming another time', async () => {
  answerWith(() => ok(moved));
  const { person } = visit('/appointments/booking-1');

  await person.click(await screen.findByRole('link', { name: 'Change date or time' }));
  expect(await screen.findByRole('heading', { name: 'Change date or time' })).toHaveFocus();
  expect(screen.getByText('Tue 24 Nov, 9:30 am')).toBeVisible();
  await person.click(await screen.findByRole('radio', { name: '11:00 am' }));
  await person.click(screen.getByRole('button', { name: 'Continue' }));

  expect(await screen.findByRole('heading', { name: 'Change your appointment?' })).toHaveFocus();
  expect(address()).toBe(CONFIRM);
  expect(screen.getByText('9:30 am to 9:45 am, London time')).toBeVisible();
  expect(screen.getByText('11:00 am to 11:15 am, London time')).toBeVisible();
  expect(sent).toEqual([]);
  await person.click(screen.getByRole('button', { name: 'Change appointment' }));

  const heading = await screen.findByRole('heading', { name: 'Your appointment has been changed' });
  await expect.poll(() => document.activeElement).toBe(heading);
  expect(address()).toBe('/appointments/booking-1?moved');
  expect(sent).toEqual([{ slot: 'slot-2' }]);
  expect(new Set(requests)).toEqual(new Set(['visit-1']));
});

test('a taken new time offers the nearest times and keeps the old one', async () => {
  const near = slot({ id: 'slot-3', local_time: '12:00', doctor_name: 'Dr Jane Smith' });
  answerWith(() => refused(409, { code: 'slot_taken', data: { alternatives: [near] } }));
  const { person } = visit(CONFIRM);

  await person.click(await screen.findByRole('button', { name: 'Change appointment' }));

  expect(await screen.findByRole('heading', { name: 'This time is no longer available' })).toHaveFocus();
  expect(screen.getByRole('link', { name: /12:00 pm/ })).toHaveAttribute(
    'href',
    '/appointments/booking-1/move/slot-3?doctor=doctor-1&date=2026-11-24',
  );
});

test('a reschedule whose response was lost is detected', async () => {
  answerWith(() => HttpResponse.error());
  const { person } = visit(CONFIRM);
  const button = await screen.findByRole('button', { name: 'Change appointment' });

  server.use(http.get(url('appointments/bookings/:id/'), () => ok(moved)));
  await person.click(button);

  expect(await screen.findByRole('heading', { name: 'Your appointment has been changed' })).toBeVisible();
});

test('another refusal shows the reason and keeps the old time', async () => {
  const message = 'It is too late to move this appointment online. Please call the clinic.';
  answerWith(() => refused(422, { code: 'notice_too_short', message }));
  const { person } = visit(CONFIRM);

  await person.click(await screen.findByRole('button', { name: 'Change appointment' }));

  expect(await screen.findByRole('alert')).toHaveTextContent(message);
  expect(screen.getByRole('link', { name: 'Keep current time' })).toBeVisible();
});

test('an appointment that cannot be changed says so and shows the phone number', async () => {
  server.use(http.get(url('appointments/bookings/:id/'), () => ok(booking({ can_reschedule: false }))));

  visit('/appointments/booking-1/move');

  expect(
    await screen.findByRole('heading', { name: 'You cannot change this appointment online' }),
  ).toBeVisible();
  expect(screen.getByText(/until 2 days before it starts/)).toBeVisible();
});

test('if the clinic approves bookings, rescheduling says that the old time is lost', async () => {
  server.use(
    http.get(url('clinic/'), () => ok(clinic({ visit_types: [visitType({ needs_approval: true })] }))),
  );
  visit(CONFIRM);

  expect(await screen.findByText(/^The clinic must confirm the new time/)).toBeVisible();
  expect(screen.queryByText(/stays yours/)).toBeNull();
});

test('the times to move to are those of the appointment, without its own', async () => {
  const searches: [string | null, string | null][] = [];
  const own = slot({ id: mine.slot ?? '', local_time: '09:30' });
  server.use(
    http.get(url('appointments/available/'), ({ request }) => {
      searches.push([new URL(request.url).searchParams.get('moving'), request.headers.get('Authorization')]);
      return ok(page([own, later]));
    }),
  );

  visit('/appointments/booking-1/move');

  expect(await screen.findByRole('radio', { name: '11:00 am' })).toBeVisible();
  expect(screen.getAllByRole('radio')).toHaveLength(1);
  expect(searches).toEqual([['booking-1', expect.stringContaining('Bearer ')]]);
});
