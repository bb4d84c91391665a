import { screen, waitFor } from '@testing-library/react';
import { http } from 'msw';
import { beforeEach, expect, test } from 'vitest';
import { clinic, doctor, page, slot } from '../factories';
import { ok, server, url } from '../server';
import { address, visit } from '../visit';

const PAGE = '/first-available?from=2026-11-23';

let requests: URLSearchParams[] = [];

function serveSlots(...slots: ReturnType<typeof slot>[]): void {
  server.use(
    http.get(url('appointments/available/'), ({ request }) => {
      requests.push(new URL(request.url).searchParams);
      return ok(page(slots));
    }),
  );
}

beforeEach(() => {
  requests = [];
});

function serveDoctors(...found: ReturnType<typeof doctor>[]): void {
  server.use(http.get(url('users/doctors/'), () => ok(page(found))));
}

test('the list of doctors links to the first available times and shows the first one', async () => {
  const later = { local_date: '2026-11-25', local_time: '10:00' };
  serveDoctors(
    doctor({ id: 'doctor-2', accepting_new_patients: false }),
    doctor({ id: 'doctor-3', next_available_local: later }),
  );
  const { person } = visit('/doctors');

  const option = await screen.findByText('With any available doctor');
  expect(option.parentElement).toHaveTextContent('Next: Wed 25 Nov, 10:00 am');
  await person.click(screen.getByRole('link', { name: 'First available' }));

  expect(await screen.findByRole('heading', { level: 1, name: 'First available' })).toHaveFocus();
  expect(address()).toBe('/first-available');
});

test('first available is not offered with a single doctor', async () => {
  serveDoctors(doctor());
  visit('/doctors');

  await screen.findByRole('article');
  expect(screen.queryByRole('link', { name: 'First available' })).not.toBeInTheDocument();
});

test('first available is not offered in a search by name', async () => {
  serveDoctors(doctor(), doctor({ id: 'doctor-2' }));
  visit('/doctors?search=smith');

  await screen.findAllByRole('article');
  expect(screen.queryByRole('link', { name: 'First available' })).not.toBeInTheDocument();
});

test('each time is listed once, and shows its doctor when chosen', async () => {
  serveSlots(slot({ doctor_name: 'Dr Jane Smith' }));

  const { person } = visit(PAGE);
  await person.click(await screen.findByRole('radio', { name: '9:30 am' }));

  expect(Object.fromEntries(requests[0] ?? [])).toEqual({
    any_doctor: 'true',
    specialty: 'general_medicine',
    from: '2026-11-23',
    to: '2026-11-29',
  });
  expect(screen.getByText('Tue 24 Nov, 9:30 am').parentElement).toHaveTextContent(
    'Tue 24 Nov, 9:30 am, London time, Dr Jane Smith',
  );
  await person.click(screen.getByRole('button', { name: 'Continue' }));
  expect(address()).toBe('/booking/slot-1?doctor=doctor-1&date=2026-11-24');
});

test('a chosen time stays chosen if another doctor takes it over', async () => {
  serveSlots(slot({ doctor_name: 'Dr Jane Smith' }));
  const { person, queries } = visit(PAGE);
  await person.click(await screen.findByRole('radio', { name: '9:30 am' }));

  serveSlots(slot({ id: 'slot-2', doctor: 'doctor-2', doctor_name: 'Dr Sam Hill' }));
  queries.invalidateQueries({ queryKey: ['open-slots'] });

  await waitFor(() => expect(screen.getByText(/Dr Sam Hill/)).toBeVisible());
  expect(screen.getByRole('radio', { name: '9:30 am' })).toBeChecked();
  expect(screen.queryByRole('alert')).not.toBeInTheDocument();
});

test('with several specialties the page asks for one first', async () => {
  const specialties = [
    { id: 'specialty-1', code: 'dentistry', name: 'Dentistry' },
    { id: 'specialty-2', code: 'dermatology', name: 'Dermatology' },
  ];
  server.use(http.get(url('clinic/'), () => ok(clinic({ specialties }))));
  serveSlots(slot());
  const { person } = visit('/first-available');

  await screen.findByRole('heading', { level: 1, name: 'What type of doctor do you need?' });
  await person.click(screen.getByRole('link', { name: 'Dermatology' }));

  await screen.findByRole('radio', { name: '9:30 am' });
  expect(requests.map((query) => query.get('specialty'))).toEqual(['dermatology']);
  expect(address()).toBe('/first-available?specialty=dermatology');
  await person.click(screen.getByRole('link', { name: /^Change ?type of doctor/ }));
  const question = await screen.findByRole('heading', { level: 1, name: 'What type of doctor do you need?' });
  expect(question).toHaveFocus();
});

test('without open times the page says so and shows the phone number', async () => {
  serveSlots();

  visit(PAGE);

  expect(await screen.findByText('There are no available times in the next 90 days.')).toBeVisible();
  expect(await screen.findByRole('link', { name: 'Join the waiting list' })).toHaveAttribute(
    'href',
    '/waiting-list?specialty=general_medicine&from=2026-11-23',
  );
  expect(screen.getAllByRole('link', { name: /7946 0100/ }).length).toBeGreaterThan(0);
});

/** Serves `found` to requests whose period contains its day. */
function serveOn(found: ReturnType<typeof slot>): void {
  server.use(
    http.get(url('appointments/available/'), ({ request }) => {
      const { searchParams } = new URL(request.url);
      requests.push(searchParams);
      const [from, to] = [searchParams.get('from') ?? '', searchParams.get('to') ?? ''];
      return ok(page(from <= found.local_date && found.local_date <= to ? [found] : []));
    }),
  );
}

// BC27
test.each([
  ['2027-01-06', 90, 'Wed 6 Jan'],
  ['2027-11-01', 365, 'Mon 1 Nov'],
])('the only time, on %s, is named with a link, however far ahead', async (local_date, horizon_days, day) => {
  const rules = { ...clinic().booking_rules, horizon_days };
  server.use(http.get(url('clinic/'), () => ok(clinic({ booking_rules: rules }))));
  serveOn(slot({ local_date }));

  const { person } = visit(PAGE);

  expect(await screen.findByText(new RegExp(`^No times until ${day}`))).toBeVisible();
  await person.click(screen.getByRole('link', { name: 'Go to this day' }));
  expect(await screen.findByRole('radio', { name: '9:30 am' })).toBeVisible();
});

test('a week after the last time links back to the first one', async () => {
  serveOn(slot({ local_date: '2026-11-24' }));

  visit('/first-available?from=2027-01-04');

  expect(await screen.findByText(/The first available time is on Tue 24 Nov/)).toBeVisible();
});
