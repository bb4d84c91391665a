import { describe, expect, it } from 'vitest';
import { instantAt, localTimeAt, movedTo, resizedTo } from '@/features/portal-calendar/moving/drag-target';
import type { CalendarDay, Column, PlacedVisit } from '@/features/portal-calendar/shared/types';

const bounds = { from: 8 * 60, until: 18 * 60 };
const visit = { minute: 600, end_minute: 630 } as PlacedVisit;

/** Sunday 25 October 2026 in London: the hour from 1:00 is there twice. */
const longDay = {
  starts_at: '2026-10-24T23:00:00Z',
  marks: [0, 60, 120, 180, 240].map((minute, number) => ({
    minute,
    local_time: ['00:00', '01:00', '01:00', '02:00', '03:00'][number],
    clock_pass: [0, 1, 2, 0, 0][number],
  })),
} as unknown as CalendarDay;
const column = { key: 'a', day: longDay } as unknown as Column;

describe('the time at which a dragged visit is dropped', () => {
  it('snaps to five minutes and stays within the day that is shown', () => {
    const starts = [612, 613, 0, 2000].map((minute) => movedTo(visit, column, minute, bounds).minute);

    expect(starts).toEqual([610, 615, 480, 1050]);
  });

  it('keeps the start and at least five minutes when the length changes', () => {
    const ends = [647, 590, 2000].map((minute) => resizedTo(visit, column, minute, bounds).end_minute);

    expect(ends).toEqual([645, 605, 1080]);
  });

  it('is right on a day on which the clocks go back', () => {
    const times = [65, 125, 200].map((minute) => [localTimeAt(longDay, minute), instantAt(longDay, minute)]);

    expect(times).toEqual([
      ['01:05', '2026-10-25T00:05:00.000Z'],
      ['01:05', '2026-10-25T01:05:00.000Z'],
      ['02:20', '2026-10-25T02:20:00.000Z'],
    ]);
  });
});
