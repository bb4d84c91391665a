import { useMemo, useState } from 'react';
import type { HoursField, ScheduleDays } from '@/gen';
import { todayIn } from '@/shared/times/dates';
import { fromHours, type Interval, type StoredHours, sameHours, startingOn, toHours } from './week';

export interface HoursDraft {
  /** The stored hours that the changes are based on. */
  base: Interval[];
  /** The hours as they are edited. */
  week: Interval[];
  change: (week: Interval[]) => void;
  /** The day from which the changes apply; empty: from now on. */
  startsOn: string;
  setStartsOn: (date: string) => void;
  /** The hours to save, in the editor's form: the changed days apply from `startsOn` on. */
  changed: Interval[];
  /** `changed` in the form of the API, with the stored hours that have ended. */
  hours: HoursField[];
  version: string;
  isChanged: boolean;
  /** The intervals of stored hours that have not ended. */
  current: (stored: StoredHours) => Interval[];
  restart: (stored: StoredHours) => void;
  /** Continues with `week`, based on hours that somebody else has saved meanwhile. */
  continueFrom: (stored: StoredHours, week: Interval[]) => void;
}

/** Unsaved changes to weekly hours. */
export function useHoursDraft(stored: StoredHours, { time_zone }: ScheduleDays): HoursDraft {
  const today = todayIn(time_zone);
  const [{ base, past, version }, setBase] = useState(() => split(stored, today));
  const [week, change] = useState(base);
  const [startsOn, setStartsOn] = useState('');
  const changed = useMemo(
    () => (startsOn > today ? startingOn(base, week, startsOn) : week),
    [base, week, startsOn, today],
  );
  const continueFrom = (theirs: StoredHours, merged: Interval[]) => {
    setBase(split(theirs, today));
    change(merged);
    setStartsOn('');
  };
  return {
    ...{ base, week, change, startsOn, setStartsOn, changed, version, continueFrom },
    hours: [...past, ...toHours(changed)],
    isChanged: !sameHours(base, week),
    current: (other) => split(other, today).base,
    restart: (saved) => {
      const next = split(saved, today);
      setBase(next);
      change(next.base);
      setStartsOn('');
    },
  };
}

/** Hours that have ended are not edited. */
function split({ hours, version }: StoredHours, today: string) {
  const isPast = ({ valid_until }: HoursField) => Boolean(valid_until && valid_until < today);
  return { base: fromHours(hours.filter((row) => !isPast(row))), past: hours.filter(isPast), version };
}
