import { screen, waitFor, within } from '@testing-library/react';
import { http } from 'msw';
import { beforeEach, expect, test } from 'vitest';
import { booking, page } from '../factories';
import { ok, refused, server, url } from '../server';
import { address, signedIn, visit } from '../visit';

const cancelled = booking({ status: 'CANCELLED', can_cancel: false });

beforeEach(() => {
  signedIn();
  server.use(http.get(url('appointments/bookings/:id/'), () => ok(booking())));
});

test('the next appointment is shown first and larger', async () => {
  const later = booking({ id: 'booking-2', local_date: '2026-12-01' });
  server.use(http.get(url('appointments/my-bookings/'), () => ok(page([booking(), later]))));

  visit('/appointments');

  const next = await screen.findByRole('article', { name: 'Your next appointment' });
  expect(within(next).getByText('Tuesday 24 November 2026')).toBeVisible();
  expect(within(next).getByText('9:30 am to 9:45 am, London time')).toBeVisible();
  expect(within(next).getByText('10:30 am where you are')).toBeVisible();
  expect(screen.getByRole('link', { name: 'Tuesday 1 December 2026, 9:30 am' })).toHaveAttribute(
    'href',
    '/appointments/booking-2',
  );
});

test('past appointments have their own URL', async () => {
  const requests: (string | null)[] = [];
  server.use(
    http.get(url('appointments/my-bookings/'), ({ request }) => {
      requests.push(new URL(request.url).searchParams.get('when'));
      return ok(page([]));
    }),
  );

  visit('/appointments?when=past');

  expect(await screen.findByText('You have no past or cancelled appointments.')).toBeVisible();
  expect(requests).toEqual(['past']);
});

test('cancelling shows the policy, sends the reason and shows a confirmation', async () => {
  const sent: unknown[] = [];
  server.use(
    http.post(url('appointments/bookings/:id/cancel/'), async ({ request }) => {
      sent.push(await request.json());
      return ok(cancelled);
    }),
  );
  const { person } = visit('/appointments/booking-1/cancel');

  expect(await screen.findByText(/until 24 hours before your appointment/)).toBeVisible();
  await person.type(screen.getByLabelText(/Why are you cancelling/), 'I feel better');
  await person.click(screen.getByRole('button', { name: 'Cancel appointment' }));

  expect(await screen.findByRole('heading', { name: 'Your appointment has been cancelled' })).toHaveFocus();
  expect(address()).toBe('/appointments/booking-1');
  expect(sent).toEqual([{ reason: 'I feel better' }]);
});

test('a refused cancellation shows the reason and keeps the appointment', async () => {
  const message = 'It is too late to cancel online. Please call us.';
  server.use(
    http.post(url('appointments/bookings/:id/cancel/'), () =>
      refused(422, { code: 'notice_too_short', message }),
    ),
  );
  const { person } = visit('/appointments/booking-1/cancel');

  await person.click(await screen.findByRole('button', { name: 'Cancel appointment' }));

  expect(await screen.findByRole('alert')).toHaveTextContent(message);
  expect(screen.getByRole('link', { name: 'Keep appointment' })).toBeVisible();
});

test('another patient’s appointment is not found, and the page shows the clinic’s phone number', async () => {
  const message = 'There is no such appointment.';
  server.use(http.get(url('appointments/bookings/:id/'), () => refused(404, { code: 'not_found', message })));

  visit('/appointments/another');

  expect(await screen.findByRole('heading', { name: 'We could not find this page' })).toBeVisible();
  expect(within(screen.getByRole('alert')).getByRole('link')).toHaveAttribute('href', 'tel:+442079460100');
});

test('signing out deletes cached data and drafts', async () => {
  server.use(
    http.get(url('appointments/my-bookings/'), () => ok(page([booking()]))),
    http.post(url('auth/logout/'), () => ok(null)),
  );
  sessionStorage.setItem('draft:profile', '{}');
  const { person, queries } = visit('/appointments');
  await screen.findByRole('article', { name: 'Your next appointment' });

  await person.click(screen.getByRole('button', { name: 'Sign out', hidden: true }));

  expect(await screen.findByRole('heading', { name: 'Good care by the river' })).toBeVisible();
  const cached = () =>
    queries.getQueriesData({ queryKey: ['mine'] }).filter(([, data]) => data !== undefined);
  await waitFor(() => expect(cached()).toEqual([]));
  expect(sessionStorage).toHaveLength(0);
});

test('an appointment says how to prepare for it and what to bring', async () => {
  const visit_type = {
    id: 'visit-1',
    name: 'Blood test',
    mode: 'in_person',
    preparation: 'Do not eat for 8 hours.',
    bring: 'Your glasses',
    price: null,
    currency: '',
    colour: '#0b5c8a',
  };
  server.use(http.get(url('appointments/bookings/:id/'), () => ok({ ...booking(), visit_type })));

  visit('/appointments/booking-1');

  expect(await screen.findByText('Do not eat for 8 hours.')).toBeVisible();
  expect(screen.getByText('What to bring')).toBeVisible();
  expect(screen.getByText('Your glasses')).toBeVisible();
});

test('the patient tells the clinic that they will come', async () => {
  const confirmed = booking({ attendance_confirmed_at: '2026-11-21T10:00:00Z' });
  server.use(http.post(url('appointments/bookings/:id/attendance/'), () => ok(confirmed)));
  const { person } = visit('/appointments/booking-1');

  await person.click(await screen.findByRole('button', { name: 'I will come' }));

  const said = await screen.findByText('You have confirmed that you will come.');
  await waitFor(() => expect(said).toHaveFocus());
  expect(screen.queryByRole('button', { name: 'I will come' })).not.toBeInTheDocument();
});

test('a patient whose appointment was changed meanwhile reads why it was not recorded', async () => {
  const message = 'This appointment can no longer be changed. Reload the page to see its status.';
  server.use(
    http.post(url('appointments/bookings/:id/attendance/'), () =>
      refused(409, { message, code: 'booking_over' }),
    ),
  );
  const { person } = visit('/appointments/booking-1');

  await person.click(await screen.findByRole('button', { name: 'I will come' }));

  expect(await screen.findByText(message)).toBeVisible();
});
