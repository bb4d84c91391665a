import { describe, expect, test } from 'vitest';
import { arrange, boundsOf, clip, hourHeight } from '@/features/portal-calendar/shared/layout';
import type { Column } from '@/features/portal-calendar/shared/types';
import { changesSince } from '@/features/portal-calendar/use-announce-changes';

const span = (minute: number, end_minute: number) => ({ minute, end_minute });

describe('arrange', () => {
  test('gives visits that do not overlap the whole width', () => {
    expect(arrange([span(540, 570), span(570, 600)])).toEqual([
      { lane: 0, lanes: 1 },
      { lane: 0, lanes: 1 },
    ]);
  });

  test('puts visits that overlap side by side', () => {
    expect(arrange([span(540, 600), span(540, 570), span(570, 600)])).toEqual([
      { lane: 1, lanes: 2 },
      { lane: 0, lanes: 2 },
      { lane: 0, lanes: 2 },
    ]);
  });

  test('shares the width among visits that overlap only through others', () => {
    const lanes = arrange([span(0, 60), span(30, 90), span(60, 120), span(120, 150)]);

    expect(lanes).toEqual([
      { lane: 0, lanes: 2 },
      { lane: 1, lanes: 2 },
      { lane: 0, lanes: 2 },
      { lane: 0, lanes: 1 },
    ]);
  });

  test('never draws two visits over each other', () => {
    const visits = Array.from({ length: 60 }, (_, n) =>
      span((n * 37) % 400, ((n * 37) % 400) + 15 + (n % 5) * 20),
    );
    const lanes = arrange(visits);

    visits.forEach((a, i) => {
      visits.forEach((b, j) => {
        const overlap = i < j && a.minute < b.end_minute && b.minute < a.end_minute;
        if (overlap) expect([lanes[i]?.lane, lanes[i]?.lanes]).not.toEqual([lanes[j]?.lane, lanes[i]?.lanes]);
        if (overlap) expect(lanes[i]?.lanes).toBe(lanes[j]?.lanes);
      });
    });
  });
});

function column(minutes: number, visits: [number, number][], shift = 0): Column {
  const marks = Array.from({ length: minutes / 60 }, (_, hour) => {
    const local = hour < 2 ? hour : hour - shift;
    return { minute: hour * 60, local_time: `${String(local).padStart(2, '0')}:00`, clock_pass: 0 };
  });
  const placed = visits.map(([minute, end_minute]) => ({
    ...span(minute, end_minute),
    busy_minute: minute,
    busy_end_minute: end_minute,
  }));
  const content = { hours: [], free: [], blocked: [], elsewhere: [], time_off: [], visits: placed };
  return { day: { minutes, marks }, content } as unknown as Column;
}

describe('boundsOf', () => {
  test('shows 8 to 18 by the clock, also on a day with a doubled hour', () => {
    expect(boundsOf([column(1440, [])])).toEqual({ from: 480, until: 1080 });
    expect(boundsOf([column(1500, [], 1)])).toEqual({ from: 540, until: 1140 });
  });

  test('shows both passes of a doubled hour if there are visits in them', () => {
    expect(
      boundsOf([
        column(
          1500,
          [
            [60, 90],
            [120, 150],
          ],
          1,
        ),
      ]).from,
    ).toBe(60);
  });

  test('ends with the day', () => {
    const bounds = boundsOf([column(1440, [[1380, 1500]])]);

    expect(bounds.until).toBe(1440);
    expect(clip(span(1380, 1500), bounds)).toEqual(span(1380, 1440));
  });
});

test('an hour is higher if there are short visits', () => {
  expect(hourHeight([column(1440, [[540, 570]])])).toBe(7);
  expect(hourHeight([column(1440, [[540, 550]])])).toBe(9);
});

describe('changesSince', () => {
  const calendar = (...bookings: object[]) =>
    ({ doctors: [{ days: [{ visits: bookings.map((booking) => ({ booking })) }] }] }) as never;
  const booking = (id: string, status = 'CONFIRMED', patient: object | null = {}) => ({
    id,
    status,
    patient,
  });

  test('finds new bookings and cancellations, and no holds', () => {
    const before = calendar(booking('a'), booking('b'));
    const after = calendar(
      booking('a', 'CANCELLED'),
      booking('b', 'CHECKED_IN'),
      booking('c'),
      booking('d', 'HELD', null),
    );

    const { added, cancelled } = changesSince(before, after);

    expect([added.map(({ id }) => id), cancelled.map(({ id }) => id)]).toEqual([['c'], ['a']]);
  });

  test('a hold that becomes a booking is new', () => {
    const after = changesSince(calendar(booking('a', 'HELD', null)), calendar(booking('a')));

    expect(after.added.map(({ id }) => id)).toEqual(['a']);
  });
});
