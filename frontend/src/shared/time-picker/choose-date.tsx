import { Trans } from '@lingui/react/macro';
import { type FormEvent, lazy, Suspense, useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { isDate } from '@/shared/times/dates';
import { Loading } from '@/shared/ui/loading';
import type { TimesQuery } from './open-days';
import { weekPath } from './week';

const MonthCalendar = lazy(async () => ({ default: (await import('./month-calendar')).MonthCalendar }));

interface ChooseDateProps {
  from: string;
  today: string;
  /** The last day that can be booked. */
  horizon: string;
  /** The times whose days the calendar shows. */
  times: TimesQuery;
}

/** Lets the user jump to a date: typed, or from a calendar that shows the days with times. */
export function ChooseDate({ from, today, horizon, times }: ChooseDateProps) {
  const [params] = useSearchParams();
  const navigate = useNavigate();
  const [wasOpened, setOpened] = useState(false);
  const go = (day: string) => navigate(weekPath(params, day), { preventScrollReset: true });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const day = String(new FormData(event.currentTarget).get('from'));
    if (isDate(day)) go(day);
  };
  return (
    <details
      className="fold choose-date"
      onToggle={({ currentTarget }) => currentTarget.open && setOpened(true)}
    >
      <summary>
        <Trans>Choose a date</Trans>
      </summary>
      <form onSubmit={submit} className="jump">
        <div>
          <label className="form-label" htmlFor="from">
            <Trans>Show times from</Trans>
          </label>
          <input
            key={from}
            type="date"
            id="from"
            name="from"
            className="form-control"
            defaultValue={from}
            min={today}
            max={horizon}
          />
        </div>
        <button type="submit" className="btn btn-outline-primary">
          <Trans>Go to this date</Trans>
        </button>
      </form>
      {wasOpened && (
        <Suspense fallback={<Loading />}>
          <MonthCalendar from={from} today={today} horizon={horizon} times={times} onChoose={go} />
        </Suspense>
      )}
    </details>
  );
}
