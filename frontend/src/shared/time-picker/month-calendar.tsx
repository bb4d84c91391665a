import { plural, t } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { longDate, monthName } from '@/shared/times/format';
import { weekdays } from '@/shared/times/weekdays';
import { ErrorMessage } from '@/shared/ui/error-message';
import { addMonths, dayAfterKey, lastOfMonth, weeksOf } from './month';
import { openDaysQuery, type TimesQuery } from './open-days';

interface MonthCalendarProps {
  /** The first day shown on the page. */
  from: string;
  today: string;
  horizon: string;
  times: TimesQuery;
  onChoose: (day: string) => void;
}

/**
 * A month with the days that have times, as a grid with one tab stop: arrow keys move by day and week, Home and
 * End within the week, Page Up and Page Down by month (the date grid of the ARIA Authoring Practices).
 */
export function MonthCalendar({ from, today, horizon, times, onChoose }: MonthCalendarProps) {
  const { t } = useLingui();
  const [day, setDay] = useState(from);
  const [moved, setMoved] = useState(false);
  const grid = useRef<HTMLTableElement>(null);
  const columns = weekdays();
  const firstWeekday = columns[0]?.number ?? 0;
  const first = `${day.slice(0, 8)}01`;
  const days = useQuery(openDaysQuery(times, first < today ? today : first, lastOfMonth(day)));
  const go = (target: string, focus = false) => {
    setDay(target < today ? today : target > horizon ? horizon : target);
    setMoved(focus);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const isRtl = getComputedStyle(event.currentTarget).direction === 'rtl';
    const target = dayAfterKey(day, event.key, firstWeekday, isRtl);
    if (!target) return;
    event.preventDefault();
    go(target, true);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: the focus follows the day that a key has chosen
  useEffect(() => {
    if (moved) grid.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
  }, [day]);
  return (
    <div className="month" aria-busy={days.isFetching || undefined}>
      <div className="month-nav">
        <button
          type="button"
          className="btn btn-outline-primary"
          aria-label={t`Previous month`}
          disabled={first <= today}
          onClick={() => go(addMonths(first, -1))}
        >
          <span aria-hidden="true" className="arrow-start" />
        </button>
        <h3 className="h6 mb-0" id="month-name" aria-live="polite">
          {monthName(day)}
        </h3>
        <button
          type="button"
          className="btn btn-outline-primary"
          aria-label={t`Next month`}
          disabled={lastOfMonth(day) >= horizon}
          onClick={() => go(addMonths(first, 1))}
        >
          <span aria-hidden="true" className="arrow-end" />
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a grid of buttons, as for date pickers */}
      <table ref={grid} role="grid" aria-labelledby="month-name" className="month-grid" onKeyDown={onKeyDown}>
        <thead>
          <tr>
            {columns.map(({ number, name }) => (
              <th key={number} scope="col" abbr={name}>
                {name.slice(0, 2)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeksOf(day, firstWeekday).map((week) => (
            <tr key={week.find(Boolean)}>
              {week.map((date, column) => (
                <td key={date ?? column}>
                  {date && (
                    <DayButton
                      date={date}
                      count={days.data?.get(date) ?? 0}
                      isCurrent={date === day}
                      isShown={date === from}
                      onChoose={onChoose}
                    />
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {days.isError && <ErrorMessage error={days.error} retry={days.refetch} />}
      <p role="status" className="month-status">
        {days.data?.size === 0 ? (
          <Trans>No times in {monthName(day)}</Trans>
        ) : days.data ? (
          <Trans>Bold days have times. The number says how many.</Trans>
        ) : (
          <Trans>Loading…</Trans>
        )}
      </p>
    </div>
  );
}

interface DayButtonProps {
  date: string;
  count: number;
  /** Whether it is the tab stop of the grid. */
  isCurrent: boolean;
  /** Whether the page shows the times from this day on. */
  isShown: boolean;
  onChoose: (day: string) => void;
}

function DayButton({ date, count, isCurrent, isShown, onChoose }: DayButtonProps) {
  const times = count === 0 ? t`no times` : plural(count, { one: '# time', other: '# times' });
  return (
    <button
      type="button"
      className={count ? 'month-day has-times' : 'month-day'}
      tabIndex={isCurrent ? 0 : -1}
      aria-disabled={count === 0}
      aria-current={isShown ? 'date' : undefined}
      onClick={() => count > 0 && onChoose(date)}
    >
      <span className="visually-hidden">
        {longDate(date)}, {times}
      </span>
      <span aria-hidden="true">{Number(date.slice(8))}</span>
      {count > 0 && (
        <span aria-hidden="true" className="month-count">
          {count}
        </span>
      )}
    </button>
  );
}
