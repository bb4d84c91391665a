import { screen, within } from '@testing-library/react';
import { http } from 'msw';
import { beforeEach, expect, test } from 'vitest';
import { readDraft } from '@/shared/session/draft';
import { booking, dependant, page, slot } from '../factories';
import { ok, refused, server, url } from '../server';
import { address, signedIn, visit } from '../visit';

const ARRIVED = 'You are checked in. The clinic knows that you are here.';

beforeEach(() => {
  signedIn();
});

const showing = (shown: ReturnType<typeof booking>) =>
  server.use(http.get(url('appointments/bookings/:id/'), () => ok(shown)));

test('an appointment can be added to four calendars', async () => {
  showing(booking());
  const { person } = visit('/appointments/booking-1?booked');

  const summary = await screen.findByText('Add to calendar');
  await person.click(summary);

  const links = within(summary.closest('details') as HTMLElement).getAllByRole('link');
  expect(links.map((link) => link.getAttribute('href'))).toEqual(
    ['.ics', '/google', '/outlook', '/office365'].map((end) => `/appointments/booking-1/calendar${end}`),
  );
});

test('a past appointment is booked again for the same person, who is in no address', async () => {
  showing(booking({ status: 'COMPLETED', patient: { id: 'child-1', name: 'Mia Jones' } }));
  server.use(
    http.get(url('appointments/bookings/:id/again/'), () =>
      ok({ doctor: 'doctor-1', visit_type: 'type-1', lacks_visit_type: false }),
    ),
  );
  const { person } = visit('/appointments/booking-1');

  await person.click(await screen.findByRole('link', { name: 'Book again' }));

  expect(address()).toBe('/doctors/doctor-1?visit_type=type-1');
  expect(readDraft('booking')).toEqual({ patient: 'child-1' });
});

test('a doctor who cannot be booked any more is named, with a way to the others', async () => {
  showing(booking({ status: 'CANCELLED' }));
  server.use(
    http.get(url('appointments/bookings/:id/again/'), () =>
      ok({ doctor: null, visit_type: null, lacks_visit_type: false }),
    ),
  );
  visit('/appointments/booking-1');

  expect(await screen.findByText('You can no longer book Dr Jane Smith online.')).toBeVisible();
  expect(screen.getByRole('link', { name: 'Find another doctor' })).toHaveAttribute('href', '/doctors');
});

test('after booking, a carer sees the nearest times for another person', async () => {
  showing(booking());
  server.use(
    http.get(url('users/dependants/'), () => ok(page([dependant()]))),
    http.get(url('appointments/available/nearest/'), () =>
      ok({ alternatives: [slot({ id: 'slot-2', local_time: '09:45', local_end_time: '10:00' })] }),
    ),
  );
  visit('/appointments/booking-1?booked');

  const others = await screen.findByRole('region', { name: 'Book for another person' });
  expect(await within(others).findByRole('link', { name: /9:45 am/ })).toHaveAttribute(
    'href',
    '/booking/slot-2?doctor=doctor-1&date=2026-11-24',
  );
  expect(within(others).getByRole('link', { name: 'View all times' })).toHaveAttribute(
    'href',
    '/doctors/doctor-1?from=2026-11-24',
  );
});

test('a patient who has arrived checks in on the page behind the code', async () => {
  let arrived = false;
  server.use(
    http.get(url('appointments/check-in/'), () =>
      ok({
        is_offered: true,
        visits: [booking({ status: arrived ? 'CHECKED_IN' : 'CONFIRMED', can_check_in: !arrived })],
      }),
    ),
    http.post(url('appointments/bookings/:id/online-check-in/'), () => {
      arrived = true;
      return ok(booking({ status: 'CHECKED_IN' }));
    }),
  );
  const { person } = visit('/check-in');

  await person.click(await screen.findByRole('button', { name: 'I am here' }));

  expect(await screen.findByText(ARRIVED)).toHaveFocus();
});

test('a refused check-in says what to do', async () => {
  const message = 'You cannot check in online for this appointment. Tell the front desk that you are here.';
  showing(booking({ can_check_in: true }));
  server.use(
    http.post(url('appointments/bookings/:id/online-check-in/'), () =>
      refused(409, { code: 'check_in_at_desk', message }),
    ),
  );
  const { person } = visit('/appointments/booking-1');

  await person.click(await screen.findByRole('button', { name: 'I am here' }));

  expect(await screen.findByRole('alert')).toHaveTextContent(message);
});

test('checking in on the appointment page replaces the buttons with a confirmation', async () => {
  let shown = booking({
    can_check_in: true,
    starts_at: '2099-11-24T09:30:00Z',
    ends_at: '2099-11-24T10:00:00Z',
  });
  server.use(
    http.get(url('appointments/bookings/:id/'), () => ok(shown)),
    http.post(url('appointments/bookings/:id/online-check-in/'), () => {
      shown = { ...shown, status: 'CHECKED_IN', can_check_in: false };
      return ok(shown);
    }),
  );
  const { person } = visit('/appointments/booking-1');

  await person.click(await screen.findByRole('button', { name: 'I am here' }));

  expect(await screen.findByText(ARRIVED)).toHaveFocus();
  expect(screen.queryByRole('button', { name: 'I will come' })).toBeNull();
});
