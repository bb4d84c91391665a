import { t } from '@lingui/core/macro';
import type { TimeOffPeriodRequest } from '@/gen';
import type { FormError } from '@/shared/forms/error-summary';
import { isDate } from '@/shared/times/dates';
import { parseTime } from '../schedule/clock-text';

export interface TimeOffValues {
  kind: 'days' | 'part';
  from: string;
  to: string;
  opens: string;
  closes: string;
  weekdays: number[];
}

const EVERY_DAY = [0, 1, 2, 3, 4, 5, 6];

/** The values of the form: `?part=1&from=2026-11-24&opens=12:00&closes=13:00` fills it in. */
export function valuesOf(search: URLSearchParams): TimeOffValues {
  const from = search.get('from');
  const to = search.get('to');
  return {
    kind: search.has('part') || search.has('opens') ? 'part' : 'days',
    from: isDate(from) ? from : '',
    to: isDate(to) ? to : '',
    opens: search.get('opens') ?? '',
    closes: search.get('closes') ?? '',
    weekdays: EVERY_DAY,
  };
}

export function timeOffErrors({ kind, from, to, opens, closes, weekdays }: TimeOffValues): FormError[] {
  const errors: FormError[] = [];
  const add = (field: string, message: string) => errors.push({ field, message });
  const [start, end] = [parseTime(opens), parseTime(closes)];
  if (!from) add('from', t`Enter the first day`);
  if (from && to && to < from) add('to', t`The last day must not be before the first day`);
  if (kind === 'part' && !start) add('opens', t`Enter a start, such as 12:00`);
  if (kind === 'part' && !end) add('closes', t`Enter an end, such as 13:30 or 24:00`);
  if (kind === 'part' && start && end && end <= start) add('closes', t`The end must be after the start`);
  if (weekdays.length === 0) add('weekday-0', t`Choose at least one weekday`);
  return errors;
}

/** The period for the API. Without a last day it is one day. */
export function toPeriod(values: TimeOffValues, doctor: string | undefined): TimeOffPeriodRequest {
  const { kind, from, to, opens, closes, weekdays } = values;
  const last = to || from;
  return {
    ...(doctor && { doctor }),
    from,
    to: last,
    ...(kind === 'part' && { opens: parseTime(opens) ?? opens, closes: parseTime(closes) ?? closes }),
    ...(last !== from && weekdays.length < EVERY_DAY.length && { weekdays }),
  };
}
