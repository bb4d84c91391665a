import { t } from '@lingui/core/macro';
import type { HoursField } from '@/gen';
import type { FormError } from '@/shared/forms/error-summary';
import { addDays } from '@/shared/times/dates';
import { weekdayName } from '@/shared/times/weekdays';
import { parseTime, toMinutes } from '../schedule/clock-text';
import { isSlotLength } from '../schedule/slot-minutes';

export type Weeks = NonNullable<HoursField['weeks']>;

/** One interval of the weekly hours as it is edited: everything is text. */
export interface Interval {
  /** Unique on the page; not stored. */
  id: number;
  weekday: number;
  opens: string;
  closes: string;
  slotMinutes: string;
  weeks: Weeks;
  /** Empty: the clinic's own address. */
  place: string;
  /** Empty: no limit. */
  validFrom: string;
  validUntil: string;
}

/** The weekly hours as they are stored. */
export interface StoredHours {
  hours: HoursField[];
  version: string;
}

const USUAL_MINUTES = '20';

let lastId = 0;
const newId = () => ++lastId;

export const fromHours = (hours: HoursField[]): Interval[] =>
  hours.map((row) => ({
    id: newId(),
    weekday: row.weekday,
    opens: row.opens,
    closes: row.closes,
    slotMinutes: String(row.slot_minutes),
    weeks: row.weeks ?? 'every',
    place: row.place ?? '',
    validFrom: row.valid_from ?? '',
    validUntil: row.valid_until ?? '',
  }));

/** The hours for the API, sorted. The intervals must be valid: see `weekErrors`. */
export const toHours = (week: Interval[]): HoursField[] => sorted(week).map(toHoursField);

const toHoursField = (row: Interval): HoursField => ({
  weekday: row.weekday,
  opens: parseTime(row.opens) ?? row.opens,
  closes: parseTime(row.closes) ?? row.closes,
  slot_minutes: Number(row.slotMinutes),
  weeks: row.weeks,
  place: row.place || null,
  valid_from: row.validFrom || null,
  valid_until: row.validUntil || null,
});

function sorted(week: Interval[]): Interval[] {
  const key = ({ weekday, opens, weeks, validFrom }: Interval) =>
    [weekday, parseTime(opens) ?? opens, weeks, validFrom].join(' ');
  return [...week].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

export const ofDay = (week: Interval[], weekday: number) => week.filter((row) => row.weekday === weekday);

/** Adds an interval to a day: the usual hours if the day has none, else hours without times yet. */
export function addInterval(week: Interval[], weekday: number): Interval[] {
  const last = ofDay(week, weekday).at(-1) ?? week.at(-1);
  const free = ofDay(week, weekday).length === 0;
  const row: Interval = {
    id: newId(),
    weekday,
    opens: free ? '09:00' : '',
    closes: free ? '17:00' : '',
    slotMinutes: last?.slotMinutes ?? USUAL_MINUTES,
    weeks: 'every',
    place: last?.place ?? '',
    validFrom: '',
    validUntil: '',
  };
  return [...week, row];
}

/** Replaces the hours of other days with copies of those of one day. */
export function copyDay(week: Interval[], from: number, to: number[]): Interval[] {
  const others = week.filter(({ weekday }) => !to.includes(weekday));
  const copies = to.flatMap((weekday) => ofDay(week, from).map((row) => ({ ...row, id: newId(), weekday })));
  return [...others, ...copies];
}

/** Whether two weeks, or the same days of them, have the same hours. */
export const sameHours = (a: Interval[], b: Interval[]) =>
  JSON.stringify(toHours(a)) === JSON.stringify(toHours(b));

/** The week if the changes apply from a date on. Until then, changed days have their old hours. */
export function startingOn(before: Interval[], after: Interval[], date: string): Interval[] {
  return [0, 1, 2, 3, 4, 5, 6].flatMap((weekday) => {
    const [old, changed] = [ofDay(before, weekday), ofDay(after, weekday)];
    if (sameHours(old, changed)) return changed;
    const lastDay = addDays(date, -1);
    const ending = old
      .filter(({ validFrom }) => validFrom < date)
      .map((row) => ({
        ...row,
        id: newId(),
        validUntil: row.validUntil && row.validUntil < lastDay ? row.validUntil : lastDay,
      }));
    const starting = changed
      .filter(({ validUntil }) => !validUntil || validUntil >= date)
      .map((row) => ({ ...row, validFrom: row.validFrom > date ? row.validFrom : date }));
    return [...ending, ...starting];
  });
}

/** The id of an input of an interval. */
export const fieldId = (id: number, field: keyof Interval) => `hours-${id}-${field}`;

/** @param zoneOf returns the time zone of a place: hours in two zones are compared by the server */
export function weekErrors(week: Interval[], zoneOf: (place: string) => string): FormError[] {
  const errors = week.flatMap(intervalErrors);
  if (errors.length > 0) return errors;
  const rows = sorted(week);
  return rows.flatMap((later, index) => {
    const earlier = rows.slice(0, index).find((row) => overlap(row, later, zoneOf));
    if (!earlier) return [];
    const day = weekdayName(later.weekday);
    const [first, second] = [span(earlier), span(later)];
    return [{ field: fieldId(later.id, 'opens'), message: t`${day}: ${first} and ${second} overlap` }];
  });
}

const span = ({ opens, closes }: Interval) => `${parseTime(opens)}–${parseTime(closes)}`;

function intervalErrors(row: Interval): FormError[] {
  const day = weekdayName(row.weekday);
  const [opens, closes] = [parseTime(row.opens), parseTime(row.closes)];
  const minutes = Number(row.slotMinutes);
  const errors: FormError[] = [];
  const add = (field: keyof Interval, message: string) =>
    errors.push({ field: fieldId(row.id, field), message });
  if (!opens) add('opens', t`${day}: enter a start, such as 09:30`);
  if (!closes) add('closes', t`${day}: enter an end, such as 17:00 or 24:00`);
  if (opens && closes && toMinutes(closes) <= toMinutes(opens)) {
    add('closes', t`${day}: the end must be after the start. Enter hours past midnight on two days.`);
  } else if (opens && closes && toMinutes(closes) - toMinutes(opens) < minutes) {
    add('closes', t`${day}: these hours are shorter than one appointment`);
  }
  if (!isSlotLength(row.slotMinutes)) {
    add('slotMinutes', t`${day}: enter an appointment length of 5 to 480 minutes`);
  }
  if (row.validFrom && row.validUntil && row.validUntil < row.validFrom) {
    add('validUntil', t`${day}: the last day must not be before the first day`);
  }
  return errors;
}

function overlap(a: Interval, b: Interval, zoneOf: (place: string) => string): boolean {
  return (
    a.weekday === b.weekday &&
    zoneOf(a.place) === zoneOf(b.place) &&
    (a.weeks === b.weeks || a.weeks === 'every' || b.weeks === 'every') &&
    (a.validFrom || '0') <= (b.validUntil || '9') &&
    (b.validFrom || '0') <= (a.validUntil || '9') &&
    (parseTime(a.opens) ?? '') < (parseTime(b.closes) ?? '') &&
    (parseTime(b.opens) ?? '') < (parseTime(a.closes) ?? '')
  );
}
