import { screen } from '@testing-library/react';
import { http } from 'msw';
import { beforeEach, expect, test } from 'vitest';
import { page, slot, user } from '../factories';
import { ok, refused, server, url } from '../server';
import { signedIn, visit } from '../visit';

const nine = { ...slot({ id: 'slot-9', local_time: '09:00' }), status: 'removed', booking: null, others: [] };
let removed: unknown[] = [];

beforeEach(() => {
  removed = [nine];
  signedIn();
  server.use(
    http.get(url('auth/profile/'), () => ok(user({ role: 'doctor' }))),
    http.get(url('appointments/my-appointments/'), ({ request }) =>
      ok(page(new URL(request.url).searchParams.get('status') === 'removed' ? removed : [])),
    ),
  );
});

test('a removed time is listed with its day and offered again', async () => {
  server.use(
    http.post(url('appointments/slots/slot-9/restore/'), () => {
      removed = [];
      return ok([slot({ id: 'slot-10' })]);
    }),
  );
  const { person } = visit('/schedule?date=2026-11-24');

  await person.click(await screen.findByRole('button', { name: 'Offer 9:00 am again' }));

  expect(await screen.findByText('This time is offered again.')).toBeVisible();
  await expect.poll(() => screen.queryByRole('heading', { name: 'Removed times' })).toBeNull();
});

test('a day without removed times has no such list, and a refusal is shown', async () => {
  server.use(
    http.post(url('appointments/slots/slot-9/restore/'), () =>
      refused(409, { code: 'slot_overlaps', message: 'You have another slot at this time.' }),
    ),
  );
  const { person } = visit('/schedule?date=2026-11-24');

  await person.click(await screen.findByRole('button', { name: 'Offer 9:00 am again' }));

  expect(await screen.findByRole('alert')).toHaveTextContent('You have another slot at this time.');
  expect(screen.getByRole('heading', { name: 'Removed times' })).toBeVisible();
});
