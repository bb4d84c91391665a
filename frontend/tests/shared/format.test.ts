import { describe, expect, test } from 'vitest';
import { deviceTime } from '@/shared/times/device-time';
import {
  clockTime,
  dayName,
  endOf,
  fullDay,
  fullMoment,
  shortDay,
  shortMoment,
  timeOf,
} from '@/shared/times/format';
import { slot } from '../factories';

describe('words for the clinic’s clock', () => {
  test.each([
    ['00:00', '12:00 am'],
    ['09:30', '9:30 am'],
    ['09:30:00', '9:30 am'],
    ['11:59', '11:59 am'],
    ['12:00', '12:00 pm'],
    ['13:05', '1:05 pm'],
    ['23:45', '11:45 pm'],
  ])('%s is %s', (local, words) => {
    expect(clockTime(local)).toBe(words);
  });

  test('days are named without a comma and without a zone', () => {
    expect(dayName('2026-11-24')).toBe('Tuesday 24 November');
    expect(fullDay('2026-11-24')).toBe('Tuesday 24 November 2026');
    expect(shortDay('2026-09-01')).toBe('Tue 1 Sep');
  });

  test('a moment says its day and its time', () => {
    expect(shortMoment({ local_date: '2026-11-24', local_time: '09:30' })).toBe('Tue 24 Nov, 9:30 am');
  });
});

describe('a time that the clock shows twice', () => {
  const first = slot({
    local_date: '2026-10-25',
    local_time: '01:30',
    local_end_time: '01:45',
    clock_pass: 1,
  });
  const second = { ...first, clock_pass: 2 };

  test('says which time it is, wherever it is named', () => {
    expect(timeOf(first)).toBe('1:30 am (first time, before the clocks go back)');
    expect(timeOf(second)).toBe('1:30 am (second time, after the clocks have gone back)');
    expect(shortMoment(first)).toBe('Sun 25 Oct, 1:30 am (first time, before the clocks go back)');
    expect(fullMoment(second)).toBe(
      'Sunday 25 October 2026, 1:30 am (second time, after the clocks have gone back)',
    );
  });

  test('ends in the second hour where the first is over', () => {
    expect(endOf(first)).toBe('1:45 am');
    expect(endOf({ ...first, local_end_time: '01:00' })).toBe(
      '1:00 am (second time, after the clocks have gone back)',
    );
    expect(endOf({ ...second, local_end_time: '02:00' })).toBe('2:00 am');
  });
});

describe('the clock of the device', () => {
  test('says nothing where it agrees with the clinic', () => {
    expect(deviceTime(slot(), 'Europe/London')).toBeNull();
  });

  test('the tests run in Paris, an hour ahead of London', () => {
    expect(deviceTime(slot())).toBe('10:30 am');
  });

  test('names the day where that is another one', () => {
    const late = slot({ starts_at: '2026-11-24T23:30:00Z', local_time: '23:30' });

    expect(deviceTime(late, 'Asia/Tokyo')).toBe('8:30 am, Wed 25 Nov');
  });

  test('takes the clinic’s clock as the server says it, even against the zone data of the device', () => {
    const moved = slot({ starts_at: '2026-11-24T09:30:00Z', local_time: '10:30' });

    expect(deviceTime(moved, 'Europe/London')).toBe('9:30 am');
  });
});
