import { screen, within } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { changedDays, mergedWeek } from '@/features/portal-hours/hours/merge';
import {
  copyDay,
  fromHours,
  type Interval,
  ofDay,
  startingOn,
  toHours,
  weekErrors,
} from '@/features/portal-hours/hours/week';
import { parseTime } from '@/features/portal-hours/schedule/clock-text';
import type { HoursField } from '@/gen';
import { addTexts } from '@/shared/locale/locale';
import { booking, slot, user } from '../factories';
import { ok, refused, server, url } from '../server';
import { signedIn, visit } from '../visit';

const hours = (
  weekday: number,
  opens: string,
  closes: string,
  more: Partial<HoursField> = {},
): HoursField => ({
  ...{ weekday, opens, closes, slot_minutes: 30, weeks: 'every' as const, place: null },
  ...{ valid_from: null, valid_until: null },
  ...more,
});
const week = (...rows: HoursField[]): Interval[] => fromHours(rows);
const messages = (rows: Interval[]) => weekErrors(rows, () => 'Europe/London').map(({ message }) => message);

beforeAll(() => addTexts('features/portal-hours', () => import('@/features/portal-hours/locales/en-GB.po')));

describe('a typed time', () => {
  test.each([
    ['9', '09:00'],
    ['09', '09:00'],
    ['23', '23:00'],
    ['9:30', '09:30'],
    ['9.30', '09:30'],
    ['930', '09:30'],
    ['0930', '09:30'],
    ['4 pm', '16:00'],
    ['12am', '00:00'],
    ['12:15 p.m.', '12:15'],
    ['24', '24:00'],
    ['24:00', '24:00'],
    ['', null],
    ['25', null],
    ['24:30', null],
    ['9:60', null],
    ['13 pm', null],
    ['later', null],
  ])('%s means %s', (text, time) => {
    expect(parseTime(text)).toBe(time);
  });
});

describe('the hours of a week', () => {
  test('may touch, and may share times in other weeks or dates, but do not overlap', () => {
    expect(messages(week(hours(0, '09:00', '12:00'), hours(0, '12:00', '17:00')))).toEqual([]);
    expect(
      messages(week(hours(0, '09:00', '12:00', { weeks: 'A' }), hours(0, '09:00', '12:00', { weeks: 'B' }))),
    ).toEqual([]);
    expect(
      messages(
        week(
          hours(0, '09:00', '12:00', { valid_until: '2026-12-31' }),
          hours(0, '09:00', '13:00', { valid_from: '2027-01-01' }),
        ),
      ),
    ).toEqual([]);
    expect(messages(week(hours(0, '09:00', '12:00'), hours(0, '11:30', '17:00', { weeks: 'A' })))).toEqual([
      'Monday: 09:00–12:00 and 11:30–17:00 overlap',
    ]);
  });

  test('have an end after their start, and room for an appointment', () => {
    const rows = week(hours(1, '17:00', '09:00'), hours(2, '09:00', '09:10'), hours(3, '09:00', 'late'));

    expect(messages(rows)).toEqual([
      'Tuesday: the end must be after the start. Enter hours past midnight on two days.',
      'Wednesday: these hours are shorter than one appointment',
      'Thursday: enter an end, such as 17:00 or 24:00',
    ]);
  });

  test('are copied to other days, whose own hours they replace', () => {
    const rows = week(hours(0, '09:00', '12:00'), hours(0, '13:00', '17:00'), hours(1, '08:00', '10:00'));

    const copied = copyDay(rows, 0, [1, 4]);

    expect(toHours(copied).map((row) => [row.weekday, row.opens])).toEqual([
      [0, '09:00'],
      [0, '13:00'],
      [1, '09:00'],
      [1, '13:00'],
      [4, '09:00'],
      [4, '13:00'],
    ]);
    expect(new Set(copied.map(({ id }) => id)).size).toBe(6);
  });

  test('can change from a date on, and only the changed days are divided', () => {
    const before = week(hours(0, '09:00', '17:00'), hours(1, '09:00', '17:00'));
    const after = before.map((row) => (row.weekday === 0 ? { ...row, closes: '12:00' } : row));

    expect(toHours(startingOn(before, after, '2027-01-01'))).toEqual([
      hours(0, '09:00', '17:00', { valid_until: '2026-12-31' }),
      hours(0, '09:00', '12:00', { valid_from: '2027-01-01' }),
      hours(1, '09:00', '17:00'),
    ]);
  });
});

test('changes of two people are joined where they touch different days', () => {
  const base = week(hours(0, '09:00', '17:00'), hours(1, '09:00', '17:00'), hours(2, '09:00', '17:00'));
  const mine = week(hours(0, '09:00', '12:00'), hours(1, '09:00', '17:00'), hours(2, '09:00', '12:00'));
  const theirs = week(hours(0, '09:00', '17:00'), hours(1, '10:00', '17:00'), hours(2, '13:00', '17:00'));

  const changes = changedDays(base, mine, theirs);
  const merged = mergedWeek(mine, theirs, changes, { 2: 'mine' });

  expect(changes).toEqual([
    { weekday: 0, by: 'mine' },
    { weekday: 1, by: 'theirs' },
    { weekday: 2, by: 'both' },
  ]);
  expect([0, 1, 2].map((day) => ofDay(merged, day).map(({ opens, closes }) => `${opens}-${closes}`))).toEqual(
    [['09:00-12:00'], ['10:00-17:00'], ['09:00-12:00']],
  );
});

describe('the page of the weekly hours', () => {
  const day = (date: string, times: number) => ({
    ...{ date, week: 'A', hours: [], times, is_exception: false, holiday: '' },
    ...{ time_off: [], clock_changes: [] },
  });
  let stored: HoursField[] = [];
  let version = 3;
  let saved: unknown;

  beforeEach(() => {
    stored = [hours(0, '09:00', '17:00'), hours(1, '09:00', '17:00')];
    version = 3;
    saved = undefined;
    signedIn();
    server.use(
      http.get(url('auth/profile/'), () => ok(user({ role: 'doctor' }))),
      http.get(url('portal/hours/days/'), () =>
        ok({
          time_zone: 'Europe/London',
          tz_label: 'London time',
          days: [day('2026-11-23', 16)],
          places: [],
        }),
      ),
      http.get(url('appointments/working-hours/'), () =>
        HttpResponse.json(
          { success: true, data: stored, message: '' },
          { headers: { ETag: `W/"${version}"` } },
        ),
      ),
      http.post(url('portal/hours/preview-times/'), () =>
        ok({
          ...{ time_zone: 'Europe/London', tz_label: 'London time', before: 16, after: 14 },
          days: [{ before: 16, day: day('2026-11-23', 14) }],
        }),
      ),
      http.post(url('appointments/working-hours/preview/'), () => ok({ bookings: [] })),
      http.post(url('appointments/working-hours/'), async ({ request }) => {
        if (request.headers.get('If-Match') !== `"${version}"`)
          return refused(409, { code: 'hours_changed' });
        saved = await request.json();
        return HttpResponse.json(
          { success: true, data: { hours: stored, bookings: [] }, message: '' },
          { headers: { ETag: `"${version + 1}"` } },
        );
      }),
    );
  });

  test('shows the times of a change, and the appointments outside it, before it is saved', async () => {
    const { doctor: _, status: __, ...times } = slot({ id: 'slot-2', local_time: '10:00' });
    const alternative = { ...times, place: null, doctor: 'doctor-1', doctor_name: 'Dr Jane Smith' };
    server.use(
      http.post(url('appointments/working-hours/preview/'), () =>
        ok({
          bookings: [
            { booking: booking(), alternatives: [{ ...alternative, status: 'free', why: 'same_doctor' }] },
          ],
        }),
      ),
    );
    const { person } = visit('/portal/hours');

    const end = await screen.findByLabelText('Monday: end');
    await person.clear(end);
    await person.type(end, '4pm');
    // In the preview, and beside the button on narrow screens.
    expect(await screen.findAllByText('16 → 14 times in two weeks')).toHaveLength(2);
    await person.click(screen.getByRole('button', { name: 'Save hours' }));
    await screen.findByRole('heading', { name: 'Appointments affected by this change' });
    await person.click(screen.getByRole('button', { name: 'Save this change' }));
    expect(screen.getByRole('alert')).toHaveTextContent(
      'Choose what happens to the appointment of Pat Jones',
    );
    await person.click(screen.getByRole('button', { name: 'Move each to its nearest free time' }));
    await person.click(screen.getByRole('button', { name: 'Save this change' }));

    await expect
      .poll(() => saved)
      .toMatchObject({
        hours: [{ weekday: 0, closes: '16:00' }, { weekday: 1 }],
        bookings: [{ booking: 'booking-1', action: 'move', slot: 'slot-2' }],
      });
  });

  test('joins the change of somebody else with one’s own', async () => {
    const { person } = visit('/portal/hours');
    const end = await screen.findByLabelText('Monday: end');
    version = 4;
    stored = [hours(0, '09:00', '17:00'), hours(1, '10:00', '17:00')];

    await person.clear(end);
    await person.type(end, '12');
    await person.click(screen.getByRole('button', { name: 'Save hours' }));
    await screen.findByRole('heading', { name: 'Someone else has changed these hours' });
    expect(await screen.findByText(/changed by them/)).toHaveTextContent(
      'Tuesday, changed by them: 10:00 am – 5:00 pm',
    );
    await person.click(screen.getByRole('button', { name: 'Use both changes' }));
    expect(await screen.findByLabelText('Tuesday: start')).toHaveValue('10:00');
    await person.click(screen.getByRole('button', { name: 'Save hours' }));

    await expect
      .poll(() => saved)
      .toMatchObject({
        hours: [
          { weekday: 0, closes: '12:00' },
          { weekday: 1, opens: '10:00' },
        ],
      });
  });

  test('helps doctors without hours to start, and those without a record', async () => {
    stored = [];
    const { person } = visit('/portal/hours');
    await person.click(
      await screen.findByRole('button', { name: 'Start with Monday to Friday, 09:00 to 17:00' }),
    );
    expect(within(screen.getByRole('group', { name: 'Friday' })).getByLabelText('Friday: end')).toHaveValue(
      '17:00',
    );
  });

  test('says what to do if the account has no doctor’s record', async () => {
    server.use(http.get(url('appointments/working-hours/'), () => refused(404, { code: 'not_found' })));
    visit('/portal/hours');

    expect(
      await screen.findByRole('heading', { name: 'Your account has no doctor’s record yet' }),
    ).toBeVisible();
  });
});
