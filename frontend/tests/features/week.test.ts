import { expect, test } from 'vitest';
import { foldWeek, passOf } from '@/features/times/week';
import { slot } from '../factories';

test('a week shows its days in order and folds neighbouring empty ones', () => {
  const tuesday = slot({ local_date: '2026-11-24' });
  const friday = slot({ id: 'slot-2', local_date: '2026-11-27' });

  expect(foldWeek('2026-11-23', [tuesday, friday])).toEqual([
    { kind: 'empty', dates: ['2026-11-23'] },
    { kind: 'times', date: '2026-11-24', slots: [tuesday] },
    { kind: 'empty', dates: ['2026-11-25', '2026-11-26'] },
    { kind: 'times', date: '2026-11-27', slots: [friday] },
    { kind: 'empty', dates: ['2026-11-28', '2026-11-29'] },
  ]);
});

test('both passes of a doubled hour are kept apart', () => {
  const summer = slot({ id: 'a', starts_at: '2026-10-25T00:30:00Z', local_time: '01:30' });
  const winter = slot({ id: 'b', starts_at: '2026-10-25T01:30:00Z', local_time: '01:30' });
  const later = slot({ id: 'c', starts_at: '2026-10-25T02:00:00Z', local_time: '02:00' });
  const day = [summer, winter, later];

  expect(day.map((each) => passOf(each, day))).toEqual(['before the change', 'after the change', 'only']);
});
