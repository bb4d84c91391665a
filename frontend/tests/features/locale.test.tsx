import { screen } from '@testing-library/react';
import { http } from 'msw';
import { beforeEach, expect, test } from 'vitest';
import { booking, clinic, page, slot, user } from '../factories';
import { ok, server, url } from '../server';
import { signedIn, visit } from '../visit';

beforeEach(() => {
  server.use(http.get(url('clinic/'), () => ok(clinic({ locale: 'en-US' }))));
});

test('an American clinic has American dates', async () => {
  server.use(http.get(url('appointments/available/'), () => ok(page([slot()]))));
  visit('/doctors/doctor-1?from=2026-11-24');

  expect(await screen.findByRole('group', { name: 'Tuesday, November 24, 1 time' })).toBeVisible();
});

test('an American clinic has American spelling', async () => {
  signedIn();
  server.use(
    http.get(url('auth/profile/'), () => ok(user())),
    http.get(url('appointments/bookings/:id/'), () => ok(booking({ status: 'CANCELLED' }))),
  );
  visit('/appointments/booking-1');

  expect(await screen.findByRole('heading', { name: 'Your appointment has been canceled' })).toBeVisible();
  expect(screen.getByText('Canceled')).toBeVisible();
});

test('an American week starts on Sunday', async () => {
  visit('/doctors');

  const weekdays = await screen.findByRole('combobox', { name: 'Day of the week' });

  expect(
    [...weekdays.querySelectorAll('option')].map(({ value, text }) => [value, text]).slice(0, 3),
  ).toEqual([
    ['', 'Any day'],
    ['6', 'Sunday'],
    ['0', 'Monday'],
  ]);
});
