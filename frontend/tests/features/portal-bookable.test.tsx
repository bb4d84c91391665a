import { screen } from '@testing-library/react';
import { http } from 'msw';
import { beforeEach, expect, test } from 'vitest';
import type { Bookable } from '@/gen';
import { user } from '../factories';
import { ok, server, url } from '../server';
import { signedIn, visit } from '../visit';

let stored: Bookable;
const sent: unknown[] = [];

beforeEach(() => {
  signedIn();
  sent.length = 0;
  stored = {
    doctor: 'doctor-2',
    is_active: true,
    accepting_new_patients: true,
    visit_types: [
      { id: 'type-1', name: 'Check-up', who_may_book: 'public', offered: true },
      { id: 'type-2', name: 'Report', who_may_book: 'staff', offered: false },
    ],
  };
  server.use(
    http.get(url('auth/profile/'), () => ok(user({ role: 'admin' }))),
    http.get(url('portal/doctors/'), () =>
      ok({
        doctors: [
          { id: 'doctor-1', display_name: 'Dr Ada', is_active: true },
          { id: 'doctor-2', display_name: 'Dr Bo', is_active: false },
        ],
        places: [],
      }),
    ),
    http.get(url('portal/bookable/'), () => ok(stored)),
    http.patch(url('portal/bookable/'), async ({ request }) => {
      sent.push([new URL(request.url).search, await request.json()]);
      return ok({ ...stored, visit_types: stored.visit_types.map((row) => ({ ...row, offered: false })) });
    }),
  );
});

test('an admin switches a visit type of a doctor off, and only the change is sent', async () => {
  const { person } = visit('/portal/bookable');

  await person.selectOptions(await screen.findByLabelText('Doctor'), 'Dr Bo (takes no bookings)');
  await person.click(await screen.findByLabelText('Check-up'));
  expect(screen.getByText('All visit types are turned off, so nothing can be booked.')).toBeVisible();
  await person.click(screen.getByRole('button', { name: 'Save changes' }));

  expect(await screen.findByText('Saved. Booked appointments do not change.')).toHaveFocus();
  expect(sent).toEqual([['?doctor=doctor-2', { visit_types: [{ id: 'type-1', offered: false }] }]]);
});

test('a receptionist reads who can change the settings', async () => {
  server.use(http.get(url('auth/profile/'), () => ok(user({ role: 'receptionist' }))));
  visit('/portal/bookable');

  expect(await screen.findByText(/Ask one of them/)).toBeVisible();
  expect(screen.queryByLabelText('Doctor')).not.toBeInTheDocument();
});
