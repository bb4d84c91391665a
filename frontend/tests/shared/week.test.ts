import { expect, test } from 'vitest';
import { groupDays } from '@/shared/time-picker/week';
import { slot } from '../factories';

test('a week lists its days in order and groups consecutive empty days', () => {
  const tuesday = slot({ local_date: '2026-11-24' });
  const friday = slot({ id: 'slot-2', local_date: '2026-11-27' });

  expect(groupDays('2026-11-23', [tuesday, friday])).toEqual([
    { kind: 'empty', dates: ['2026-11-23'] },
    { kind: 'times', date: '2026-11-24', slots: [tuesday] },
    { kind: 'empty', dates: ['2026-11-25', '2026-11-26'] },
    { kind: 'times', date: '2026-11-27', slots: [friday] },
    { kind: 'empty', dates: ['2026-11-28', '2026-11-29'] },
  ]);
});
