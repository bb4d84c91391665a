import { screen, waitFor, within } from '@testing-library/react';
import { http } from 'msw';
import { expect, test } from 'vitest';
import { ageOn } from '@/features/portal-patients/age';
import { page, user } from '../factories';
import { visitOfDay } from '../portal-factories';
import { ok, refused, server, url } from '../server';
import { address, signedIn, visit } from '../visit';

const PATIENT = {
  id: 'patient-1',
  name: 'Sam Fisher',
  first_name: 'Sam',
  last_name: 'Fisher',
  date_of_birth: '1980-02-01',
  phone: '+447700900123',
  phone_display: '07700 900123',
  email: 'sam@example.com',
  email_problem: '',
};
const RECORD = {
  ...PATIENT,
  address: '',
  time_zone: '',
  allergies: 'Penicillin',
  conditions: null,
  medication: '',
  emergency_contact_name: '',
  emergency_contact_phone: '',
  emergency_contact_phone_display: '',
  insurance_provider: '',
  insurance_number: '',
  cared_for_by: [],
  created_at: '2026-01-01T09:00:00Z',
};

function serve(role: 'doctor' | 'receptionist') {
  signedIn();
  const searches: string[] = [];
  server.use(
    http.get(url('auth/profile/'), () => ok(user({ role }))),
    http.get(url('portal/patients/'), ({ request }) => {
      searches.push(new URL(request.url).searchParams.get('q') ?? '');
      return ok({ results: [PATIENT], has_more: false });
    }),
    http.get(url('portal/patient-visits/'), () =>
      ok([{ patient: 'patient-1', last: null, next: visitOfDay({ id: 'visit-7' }) }]),
    ),
    http.get(url('users/patients/patient-1/'), () => ok(RECORD)),
    http.get(url('portal/patients/patient-1/visits/'), ({ request }) =>
      new URL(request.url).searchParams.get('when') === 'past'
        ? ok(page([visitOfDay({ id: 'visit-1', status: 'NO_SHOW' })]))
        : ok(page([])),
    ),
  );
  return searches;
}

test.each([
  ['1980-02-29', '2026-02-28', 45],
  ['1980-02-29', '2026-03-01', 46],
  ['2026-11-24', '2026-11-24', 0],
])('a patient born on %s is, on %s, %i years old', (born, today, age) => {
  expect(ageOn(born, today)).toBe(age);
});

test('typing searches, keeps the search in the address and shows the next visit', async () => {
  const searches = serve('doctor');
  const { person } = visit('/portal/patients');

  await person.type(await screen.findByRole('searchbox'), 'fish');

  await waitFor(() => expect(address()).toBe('/portal/patients?q=fish'));
  await waitFor(() => expect(searches.at(-1)).toBe('fish'));
  expect(await screen.findByRole('link', { name: 'Sam Fisher' })).toHaveAttribute(
    'href',
    '/portal/patients/patient-1',
  );
  expect(await screen.findByRole('link', { name: 'Tue 24 Nov, 9:30 am' })).toHaveAttribute(
    'href',
    '/portal/bookings/visit-7',
  );
});

test('a record shows alerts and outcomes, and a refused change stays in the form', async () => {
  serve('receptionist');
  server.use(
    http.patch(url('portal/patients/patient-1/'), () =>
      refused(400, { code: 'invalid', errors: { phone: ['This is no number.'] } }),
    ),
  );
  const { person } = visit('/portal/patients/patient-1');

  const alerts = await screen.findByRole('region', { name: 'Alerts' });
  expect(within(alerts).getByText('Penicillin')).toBeVisible();
  expect(await screen.findByText('No-show')).toBeVisible();
  await person.click(screen.getByRole('button', { name: /^Change/ }));
  const phone = screen.getByLabelText(/Phone/);
  await person.clear(phone);
  await person.type(phone, 'x');
  await person.click(screen.getByRole('button', { name: 'Save' }));

  await waitFor(() => expect(phone).toHaveAccessibleDescription('This is no number.'));
  expect(phone).toHaveValue('x');
});

test('a doctor sees no way to change the record', async () => {
  serve('doctor');

  visit('/portal/patients/patient-1');

  expect(await screen.findByRole('heading', { name: 'Contact details' })).toBeVisible();
  expect(screen.queryByRole('button', { name: /Change/ })).toBeNull();
  expect(screen.queryByRole('link', { name: 'Book an appointment' })).toBeNull();
});
