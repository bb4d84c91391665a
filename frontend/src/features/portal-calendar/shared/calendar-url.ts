import { useCallback } from 'react';
import { useSearchParams } from 'react-router';
import { useClinic } from '@/shared/clinic/clinic-context';
import { addDays, isDate, todayIn } from '@/shared/times/dates';
import { weekdays } from '@/shared/times/weekdays';

export type View = 'day' | 'week' | 'list';

const VIEWS: View[] = ['day', 'week', 'list'];
const NARROW = '(max-width: 767px)';

export interface CalendarUrl {
  view: View;
  date: string;
  today: string;
  /** The ids of the chosen doctors; none if the address names none. */
  doctors: string[];
  /** The address with other parameters. The open panel stays. */
  change: (changes: { view?: View; date?: string; doctors?: string[] }) => void;
}

/** Returns what the address says. Below 768 px the list is the default, else the day. */
export function useCalendarUrl(): CalendarUrl {
  const clinic = useClinic();
  const [params, setParams] = useSearchParams();
  const today = todayIn(clinic.time_zone);
  const date = params.get('date');
  const view = VIEWS.find((each) => each === params.get('view'));
  const change = useCallback<CalendarUrl['change']>(
    (changes) =>
      setParams((before) => {
        const after = new URLSearchParams(before);
        for (const [name, value] of Object.entries(changes)) after.set(name, String(value));
        return after;
      }),
    [setParams],
  );
  return {
    view: view ?? (window.matchMedia?.(NARROW).matches ? 'list' : 'day'),
    date: isDate(date) ? date : today,
    today,
    doctors: params.get('doctors')?.split(',').filter(Boolean) ?? [],
    change,
  };
}

/** The seven days of the week that contains the date, from the locale's first weekday on. */
export function weekOf(date: string): string[] {
  const weekday = (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;
  const before = weekdays().findIndex(({ number }) => number === weekday);
  return Array.from({ length: 7 }, (_, number) => addDays(date, number - before));
}

/** The days that a view shows. */
export const daysOf = (view: View, date: string): string[] => (view === 'week' ? weekOf(date) : [date]);
