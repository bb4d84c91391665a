import { Trans, useLingui } from '@lingui/react/macro';
import { Link, useSearchParams } from 'react-router';
import { useClinic } from '@/shared/clinic/clinic-context';
import { Icon } from '@/shared/staff/icon';
import { addDays, isDate, todayIn } from '@/shared/times/dates';
import type { Board, BoardFilter } from './board';

const FILTERS = ['date', 'doctor', 'place'] as const;

/** The day and the filters in the URL. */
export function useDayFilter(): BoardFilter {
  const [params] = useSearchParams();
  const date = params.get('date');
  return { date: isDate(date) ? date : null, doctor: params.get('doctor'), place: params.get('place') };
}

/** Links to other days, choices of doctor and place, and a button that prints the day. */
export function DayFilters({ board, showDoctors }: { board: Board | undefined; showDoctors: boolean }) {
  const { t } = useLingui();
  const { time_zone } = useClinic();
  const [params, setParams] = useSearchParams();
  const today = todayIn(time_zone);
  const filter = useDayFilter();
  const day = filter.date ?? today;
  const withValue = (name: (typeof FILTERS)[number], value: string) => {
    const next = new URLSearchParams(params);
    if (value) next.set(name, value);
    else next.delete(name);
    return next;
  };
  const dayLink = (date: string) => ({ search: withValue('date', date === today ? '' : date).toString() });
  const choose = (name: 'doctor' | 'place', value: string) => setParams(withValue(name, value));
  return (
    <div className="day-filters">
      <nav aria-label={t`Days`} className="day-nav">
        <Link className="btn btn-outline-primary" to={dayLink(addDays(day, -1))}>
          <Icon name="previous" />
          <span className="visually-hidden">
            <Trans>Previous day</Trans>
          </span>
        </Link>
        <Link
          className="btn btn-outline-primary"
          to={dayLink(today)}
          aria-current={day === today ? 'date' : undefined}
        >
          <Trans>Today</Trans>
        </Link>
        <Link className="btn btn-outline-primary" to={dayLink(addDays(day, 1))}>
          <Icon name="next" />
          <span className="visually-hidden">
            <Trans>Next day</Trans>
          </span>
        </Link>
      </nav>
      {showDoctors && (
        <Choice
          id="board-doctor"
          label={t`Doctor`}
          all={t`All doctors`}
          value={filter.doctor ?? ''}
          options={(board?.doctors ?? []).map(({ id, display_name, visits }) => [
            id,
            `${display_name} (${visits})`,
          ])}
          choose={(value) => choose('doctor', value)}
        />
      )}
      {showDoctors && board && board.places.length > 0 && (
        <Choice
          id="board-place"
          label={t`Place`}
          all={t`All places`}
          value={filter.place ?? ''}
          options={[
            ['main', t`Main address`],
            ...board.places.map(({ id, name }): [string, string] => [id, name]),
          ]}
          choose={(value) => choose('place', value)}
        />
      )}
      <button type="button" className="btn btn-outline-primary day-print" onClick={() => window.print()}>
        <Icon name="print" />
        <Trans>Print the day</Trans>
      </button>
    </div>
  );
}

interface ChoiceProps {
  id: string;
  label: string;
  all: string;
  value: string;
  options: [value: string, label: string][];
  choose: (value: string) => void;
}

function Choice({ id, label, all, value, options, choose }: ChoiceProps) {
  const isListed = value === '' || options.some(([option]) => option === value);
  return (
    <div className="day-choice">
      <label htmlFor={id}>{label}</label>
      <select id={id} className="form-select" value={value} onChange={(event) => choose(event.target.value)}>
        <option value="">{all}</option>
        {!isListed && (
          <option value={value}>
            <Trans>No visits on this day</Trans>
          </option>
        )}
        {options.map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}
