import { describe, expect, test } from 'vitest';
import { activateLocale } from '@/shared/locale/locale';
import { deviceTime } from '@/shared/times/device-time';
import {
  clockTime,
  endTime,
  fullDate,
  fullDateTime,
  longDate,
  plainDate,
  shortDate,
  shortDateTime,
  startTime,
} from '@/shared/times/format';
import { slot } from '../factories';

describe('times in the clinic’s time zone', () => {
  test.each([
    ['00:00', '12:00 am'],
    ['09:30', '9:30 am'],
    ['09:30:00', '9:30 am'],
    ['11:59', '11:59 am'],
    ['12:00', '12:00 pm'],
    ['13:05', '1:05 pm'],
    ['23:45', '11:45 pm'],
  ])('%s is %s', (local, text) => {
    expect(clockTime(local)).toBe(text);
  });

  test('dates have no comma in British English', () => {
    expect(longDate('2026-11-24')).toBe('Tuesday 24 November');
    expect(fullDate('2026-11-24')).toBe('Tuesday 24 November 2026');
    expect(shortDate('2026-09-01')).toBe('Tue 1 Sep');
  });

  test('American dates have the month first and commas', async () => {
    await activateLocale('en-US');

    expect(longDate('2026-12-01')).toBe('Tuesday, December 1');
    expect(fullDate('2026-12-01')).toBe('Tuesday, December 1, 2026');
    expect(plainDate('2026-12-01')).toBe('December 1, 2026');
    expect(shortDateTime({ local_date: '2026-09-01', local_time: '09:30' })).toBe('Tue, Sep 1, 9:30 am');
  });

  test('without a locale, dates are British', async () => {
    await activateLocale(undefined);

    expect(longDate('2026-12-01')).toBe('Tuesday 1 December');
  });

  test.each([
    ['es-GB', 'martes, 1 de septiembre de 2026', 'mar, 1 sept, 9:30', '14:05'],
    ['es-US', 'martes, 1 de septiembre de 2026', 'mar, 1 de sept, 9:30 a. m.', '2:05 p. m.'],
    ['de-GB', 'Dienstag, 1. September 2026', 'Di., 1. Sept., 09:30', '14:05'],
    ['ar-GB-u-nu-latn', 'الثلاثاء، 1 سبتمبر 2026', 'الثلاثاء، 1 سبتمبر، 9:30 ص', '2:05 م'],
  ])('dates and times follow the language and its region (%s)', async (locale, day, short, time) => {
    await activateLocale(locale);

    expect(fullDate('2026-09-01')).toBe(day);
    expect(shortDateTime({ local_date: '2026-09-01', local_time: '09:30' })).toBe(short);
    expect(clockTime('14:05')).toBe(time);
  });

  test('a short time has its date', () => {
    expect(shortDateTime({ local_date: '2026-11-24', local_time: '09:30' })).toBe('Tue 24 Nov, 9:30 am');
  });
});

describe('an hour that is repeated when the clocks go back', () => {
  const first = slot({
    local_date: '2026-10-25',
    local_time: '01:30',
    local_end_time: '01:45',
    clock_pass: 1,
  });
  const second = { ...first, clock_pass: 2 };

  test('says which of the two it is, in every format', () => {
    expect(startTime(first)).toBe('1:30 am (first time, before the clocks go back)');
    expect(startTime(second)).toBe('1:30 am (second time, after the clocks go back)');
    expect(shortDateTime(first)).toBe('Sun 25 Oct, 1:30 am (first time, before the clocks go back)');
    expect(fullDateTime(second)).toBe(
      'Sunday 25 October 2026, 1:30 am (second time, after the clocks go back)',
    );
  });

  test('ends in the second hour if it starts late in the first', () => {
    expect(endTime(first)).toBe('1:45 am');
    expect(endTime({ ...first, local_end_time: '01:00' })).toBe(
      '1:00 am (second time, after the clocks go back)',
    );
    expect(endTime({ ...second, local_end_time: '02:00' })).toBe('2:00 am');
  });
});

describe('the device’s time zone', () => {
  test('is not shown if it agrees with the clinic’s time', () => {
    expect(deviceTime(slot(), 'Europe/London')).toBeNull();
  });

  test('is an hour ahead in Paris, where the tests run', () => {
    expect(deviceTime(slot())).toBe('10:30 am');
  });

  test('includes the day if it differs', () => {
    const late = slot({ starts_at: '2026-11-24T23:30:00Z', local_time: '23:30' });

    expect(deviceTime(late, 'Asia/Tokyo')).toBe('8:30 am, Wed 25 Nov');
  });

  test('trusts the server’s local time over the device’s time zone data', () => {
    const moved = slot({ starts_at: '2026-11-24T09:30:00Z', local_time: '10:30' });

    expect(deviceTime(moved, 'Europe/London')).toBe('9:30 am');
  });
});
