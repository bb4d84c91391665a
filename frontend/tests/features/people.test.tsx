import { screen } from '@testing-library/react';
import { http } from 'msw';
import { beforeEach, expect, test } from 'vitest';
import { booking, dependant, page, user } from '../factories';
import { ok, refused, server, url } from '../server';
import { address, signedIn, visit } from '../visit';

const DETAILS = '/booking/slot-1?doctor=doctor-1&date=2026-11-24';
const CHECK = '/booking/slot-1/check?doctor=doctor-1&date=2026-11-24';

let sent: unknown[] = [];

beforeEach(() => {
  sent = [];
  signedIn();
  server.use(http.get(url('users/dependants/:id/'), () => ok(dependant())));
});

const addDependant = () => server.use(http.get(url('users/dependants/'), () => ok(page([dependant()]))));

function acceptBookings(patient: { id: string; name: string }): void {
  server.use(
    http.get(url('appointments/bookings/:id/'), () => ok(booking({ patient }))),
    http.post(url('appointments/bookings/'), async ({ request }) => {
      sent.push(await request.json());
      return ok(booking({ patient }), 201);
    }),
  );
}

test('an added person appears in the list', async () => {
  server.use(
    http.post(url('users/dependants/'), async ({ request }) => {
      sent.push(await request.json());
      addDependant();
      return ok(dependant(), 201);
    }),
  );
  const { person } = visit('/profile/people');

  expect(await screen.findByText('You have not added anyone yet.')).toBeVisible();
  await person.click(screen.getByRole('link', { name: 'Add a person' }));
  await person.type(await screen.findByLabelText('First name'), 'Mia');
  await person.type(screen.getByLabelText('Last name'), 'Jones');
  await person.click(screen.getByRole('button', { name: 'Save' }));

  expect(await screen.findByRole('link', { name: /^Change ?Mia Jones$/ })).toBeVisible();
  expect(sent).toEqual([
    expect.objectContaining({ first_name: 'Mia', last_name: 'Jones', date_of_birth: null }),
  ]);
});

test('missing values are shown at the top and at the field, and nothing is sent', async () => {
  const { person } = visit('/profile/people/new');

  await person.click(await screen.findByRole('button', { name: 'Save' }));

  expect(await screen.findByRole('alert')).toHaveFocus();
  expect(screen.getByLabelText('First name')).toHaveAccessibleDescription('Enter their first name');
});

test('the server’s error message is shown', async () => {
  const message = 'You cannot add more people here. Please call the clinic.';
  server.use(http.post(url('users/dependants/'), () => refused(422, { code: 'limit_reached', message })));
  const { person } = visit('/profile/people/new');

  await person.type(await screen.findByLabelText('First name'), 'Mia');
  await person.type(screen.getByLabelText('Last name'), 'Jones');
  await person.click(screen.getByRole('button', { name: 'Save' }));

  expect(await screen.findByRole('alert')).toHaveTextContent(message);
});

test('saved details are shown and can be changed', async () => {
  server.use(
    http.patch(url('users/dependants/child-1/'), async ({ request }) => {
      sent.push(await request.json());
      return ok(dependant());
    }),
  );
  const { person } = visit('/profile/people/child-1');

  expect(await screen.findByLabelText(/Allergies/)).toHaveValue('Nuts');
  await person.type(screen.getByLabelText(/Allergies/), ', milk');
  await person.click(screen.getByRole('button', { name: 'Save' }));

  await screen.findByRole('heading', { name: 'People I care for' });
  expect(sent).toEqual([expect.objectContaining({ allergies: 'Nuts, milk', date_of_birth: '2019-05-01' })]);
});

test('removing asks for confirmation and explains the consequences', async () => {
  server.use(
    http.delete(url('users/dependants/child-1/'), () => {
      sent.push('removed');
      return ok(null);
    }),
  );
  const { person } = visit('/profile/people/child-1/remove');

  expect(await screen.findByText(/does not cancel their appointments/)).toBeVisible();
  await person.click(screen.getByRole('button', { name: 'Remove' }));

  await screen.findByRole('heading', { name: 'People I care for' });
  expect([sent, address()]).toEqual([['removed'], '/profile/people']);
});

test('a user without dependants is not asked who the appointment is for', async () => {
  visit(DETAILS);

  await screen.findByLabelText(/What is the reason for your appointment/);
  expect(screen.queryByRole('radio')).toBeNull();
});

test('a carer chooses the patient and books for them', async () => {
  addDependant();
  acceptBookings({ id: 'child-1', name: 'Mia Jones' });
  const { person } = visit(DETAILS);

  await screen.findByRole('radio', { name: 'Mia Jones' });
  for (const choice of screen.getAllByRole('radio')) expect(choice).not.toBeChecked();
  await person.click(screen.getByRole('button', { name: 'Continue' }));
  expect(await screen.findByRole('alert')).toHaveFocus();
  await person.click(screen.getByRole('radio', { name: 'Mia Jones' }));
  await person.click(screen.getByRole('button', { name: 'Continue' }));
  await person.click(await screen.findByRole('button', { name: 'Confirm appointment' }));

  await screen.findByRole('heading', { name: 'Your appointment is booked' });
  expect(sent).toEqual([{ slot: 'slot-1', reason: '', patient: 'child-1' }]);
});

test('a booking for the user names no patient', async () => {
  addDependant();
  acceptBookings({ id: 'patient-1', name: 'Pat Jones' });
  const { person } = visit(DETAILS);

  await person.click(await screen.findByRole('radio', { name: 'Me' }));
  await person.click(screen.getByRole('button', { name: 'Continue' }));
  await person.click(await screen.findByRole('button', { name: 'Confirm appointment' }));

  await screen.findByRole('heading', { name: 'Your appointment is booked' });
  expect(sent).toEqual([{ slot: 'slot-1', reason: '' }]);
});

test.each([
  ['who signed in during the booking', { reason: '' }],
  ['who signed in after another user', { reason: '', patient: 'patient-of-another-user' }],
])('a carer %s chooses the patient before confirming', async (_case, draft) => {
  addDependant();
  sessionStorage.setItem('draft:booking', JSON.stringify(draft));

  visit(CHECK);

  expect(await screen.findByRole('group', { name: 'Who is the appointment for?' })).toBeVisible();
  expect(address()).toBe(DETAILS);
});

test('only a dependant’s appointment shows the patient’s name', async () => {
  const profile = { id: 'patient-1' };
  server.use(
    http.get(url('auth/profile/'), () => ok({ ...user(), profile })),
    http.get(url('appointments/my-bookings/'), () =>
      ok(page([booking(), booking({ id: 'b2', patient: { id: 'child-1', name: 'Mia Jones' } })])),
    ),
  );

  visit('/appointments');

  expect(await screen.findByText('for Mia Jones')).toBeVisible();
  expect(screen.queryByText('for Pat Jones')).toBeNull();
});
