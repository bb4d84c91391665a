import { cleanup, screen } from '@testing-library/react';
import { http } from 'msw';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { booking, clinic, page, slot } from '../factories';
import { ok, server, url } from '../server';
import { signedIn, visit } from '../visit';

const NEW_YORK = { time_zone: 'America/New_York', tz_label: 'New York time' };
const own = process.env.TZ;

afterEach(() => {
  process.env.TZ = own;
});

// BC13 and BC19: the day before, of and after a clock change in New York, which is not one in most of these.
describe.each(['America/Los_Angeles', 'America/Vancouver', 'UTC', 'Asia/Kolkata', 'Pacific/Auckland'])(
  'in a browser in %s',
  (timeZone) => {
    beforeEach(() => {
      process.env.TZ = timeZone;
    });

    test.each([
      ['2027-03-13', 14],
      ['2027-03-14', 13],
      ['2027-11-06', 13],
      ['2027-11-07', 14],
    ])('a visit on %s is at nine, New York time, in the list and on its page', async (day, hour) => {
      const times = {
        ...NEW_YORK,
        starts_at: `${day}T${hour}:00:00Z`,
        ends_at: `${day}T${hour}:30:00Z`,
        local_date: day,
        local_time: '09:00',
        local_end_time: '09:30',
      };
      expect(new Date(times.starts_at).getTimezoneOffset()).toBe(offset(times.starts_at, timeZone));
      server.use(
        http.get(url('clinic/'), () => ok(clinic(NEW_YORK))),
        http.get(url('appointments/available/'), () => ok(page([slot(times)]))),
        http.get(url('appointments/bookings/:id/'), () => ok(booking(times))),
      );

      visit(`/doctors/doctor-1?from=${day}`);

      expect(await screen.findByRole('radio', { name: '9:00 am' })).toBeVisible();
      const name = new Intl.DateTimeFormat('en-GB', {
        weekday: 'long',
        day: 'numeric',
        month: 'long',
        timeZone: 'UTC',
      });
      const shown = name.format(new Date(`${day}T12:00:00Z`)).replace(',', '');
      expect(screen.getByRole('group', { name: `${shown}, 1 time` })).toBeVisible();
      expect(screen.getAllByText('All times are New York time.').length).toBeGreaterThan(0);
      cleanup();

      signedIn();
      visit('/appointments/booking-1');
      expect((await screen.findAllByText(/9:00\sam/)).length).toBeGreaterThan(0);
      expect(screen.getAllByText(/New York time/).length).toBeGreaterThan(0);
    });
  },
);

/** The offset from UTC that `Date` has in a time zone, in minutes. */
function offset(instant: string, timeZone: string): number {
  const local = new Date(instant).toLocaleString('en-US', { timeZone });
  const utc = new Date(instant).toLocaleString('en-US', { timeZone: 'UTC' });
  return (Date.parse(utc) - Date.parse(local)) / 60_000;
}
