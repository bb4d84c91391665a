import { type Interval, ofDay, sameHours } from './week';

export type Side = 'mine' | 'theirs';

export interface ChangedDay {
  weekday: number;
  /** Who changed the hours of the day. */
  by: Side | 'both';
}

/** The days that somebody has changed since both started from `base`. Equal changes are not listed as both. */
export function changedDays(base: Interval[], mine: Interval[], theirs: Interval[]): ChangedDay[] {
  return [0, 1, 2, 3, 4, 5, 6].flatMap((weekday): ChangedDay[] => {
    const [was, own, other] = [base, mine, theirs].map((week) => ofDay(week, weekday)) as [
      Interval[],
      Interval[],
      Interval[],
    ];
    const ownChange = !sameHours(was, own);
    const otherChange = !sameHours(was, other);
    if (ownChange && otherChange) return [{ weekday, by: sameHours(own, other) ? 'theirs' : 'both' }];
    if (ownChange) return [{ weekday, by: 'mine' }];
    return otherChange ? [{ weekday, by: 'theirs' }] : [];
  });
}

/** The week with the chosen side's hours on each day. Without a choice, the side that changed a day applies. */
export function mergedWeek(
  mine: Interval[],
  theirs: Interval[],
  changes: ChangedDay[],
  choices: Partial<Record<number, Side>>,
): Interval[] {
  return [0, 1, 2, 3, 4, 5, 6].flatMap((weekday) => {
    const by = changes.find((change) => change.weekday === weekday)?.by;
    const side = choices[weekday] ?? (by === 'mine' ? 'mine' : 'theirs');
    return ofDay(side === 'mine' ? mine : theirs, weekday);
  });
}
