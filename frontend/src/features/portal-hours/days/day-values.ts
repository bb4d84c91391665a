import { t } from '@lingui/core/macro';
import type { ExceptionField, ScheduleDay } from '@/gen';
import type { FormError } from '@/shared/forms/error-summary';
import { parseTime } from '../schedule/clock-text';
import { isSlotLength } from '../schedule/slot-minutes';
import type { DayChange } from './exceptions';

export type DayKind = 'week' | 'own' | 'closed';

export interface Span {
  id: number;
  opens: string;
  closes: string;
}

export interface DayValues {
  kind: DayKind;
  spans: Span[];
  minutes: string;
  place: string;
}

let lastId = 0;
export function newSpan(opens: string, closes: string): Span {
  lastId += 1;
  return { id: lastId, opens, closes };
}

export const spanField = (id: number, field: 'opens' | 'closes') => `span-${id}-${field}`;

/** The initial values of the form for a day: its own hours or, without any, the weekly hours. */
export function valuesOf(exception: ExceptionField | undefined, day: ScheduleDay | undefined): DayValues {
  const weekly = day?.hours ?? [];
  const intervals = exception?.intervals.length
    ? exception.intervals
    : weekly.map(({ opens, closes }) => [opens, closes]);
  const spans = intervals.map(([opens = '', closes = '']) => newSpan(opens, closes));
  return {
    kind: exception ? (exception.intervals.length ? 'own' : 'closed') : 'week',
    spans: spans.length > 0 ? spans : [newSpan('09:00', '12:00')],
    minutes: String(exception?.slot_minutes ?? weekly[0]?.slot_minutes ?? ''),
    place: exception?.place ?? weekly[0]?.place ?? '',
  };
}

export function dayErrors({ kind, spans, minutes }: DayValues): FormError[] {
  if (kind !== 'own') return [];
  const rows = spans.map(({ id, opens, closes }) => ({
    id,
    start: parseTime(opens),
    end: parseTime(closes),
  }));
  const errors = rows.flatMap(({ id, start, end }): FormError[] => {
    if (!start) return [{ field: spanField(id, 'opens'), message: t`Enter a start, such as 09:30` }];
    if (!end) return [{ field: spanField(id, 'closes'), message: t`Enter an end, such as 17:00 or 24:00` }];
    return end <= start
      ? [{ field: spanField(id, 'closes'), message: t`The end must be after the start` }]
      : [];
  });
  if (errors.length === 0) errors.push(...overlaps(rows));
  if (minutes && !isSlotLength(minutes)) {
    errors.push({ field: 'day-minutes', message: t`Enter an appointment length of 5 to 480 minutes` });
  }
  return errors;
}

interface ParsedSpan {
  id: number;
  start: string | null;
  end: string | null;
}

function overlaps(rows: ParsedSpan[]): FormError[] {
  const sorted = rows.toSorted((a, b) => ((a.start ?? '') < (b.start ?? '') ? -1 : 1));
  return sorted.flatMap(({ id, start }, index) => {
    const before = sorted[index - 1]?.end ?? '';
    if ((start ?? '') >= before) return [];
    return [{ field: spanField(id, 'opens'), message: t`These hours overlap. Change one of them.` }];
  });
}

/** The change for the API; null if a day without its own hours is not changed. */
export function toChange(
  date: string,
  { kind, spans, minutes, place }: DayValues,
  exception: ExceptionField | undefined,
): DayChange | null {
  if (kind === 'week') return exception ? { date, intervals: null } : null;
  if (kind === 'closed') return { date, intervals: [] };
  return {
    date,
    intervals: spans.map(({ opens, closes }) => [parseTime(opens) ?? opens, parseTime(closes) ?? closes]),
    ...(minutes && { slot_minutes: Number(minutes) }),
    place: place || null,
  };
}
