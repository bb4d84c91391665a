import { act, fireEvent, screen } from '@testing-library/react';
import { delay, http } from 'msw';
import { expect, test } from 'vitest';
import { booking } from '../factories';
import { passTime } from '../passing-time';
import { ok, server, url } from '../server';
import { signedIn, visit } from '../visit';

test('a slow confirmation says so, then offers to try again with the same key', async () => {
  const keys: (string | null)[] = [];
  server.use(
    http.get(url('appointments/bookings/:id/'), () => ok(booking())),
    http.post(url('appointments/bookings/'), async ({ request }) => {
      keys.push(request.headers.get('Idempotency-Key'));
      if (keys.length === 1) await delay('infinite');
      return ok(booking(), 201);
    }),
  );
  signedIn();
  visit('/booking/slot-1/check?doctor=doctor-1&date=2026-11-24');
  const confirm = await screen.findByRole('button', { name: 'Confirm appointment' });

  fireEvent.click(confirm);
  expect(await screen.findByRole('button', { name: 'Booking…' })).toBeVisible();
  await act(() => passTime(3000));
  expect(screen.getByRole('button', { name: 'Still trying…' })).toBeVisible();
  await act(() => passTime(7000));
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }));

  expect(await screen.findByRole('heading', { name: 'Your appointment is booked' })).toBeVisible();
  expect(keys).toHaveLength(2);
  expect(keys[1]).toBe(keys[0]);
});
