import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { Link } from 'react-router';
import type { ScheduleDay } from '@/gen';
import { fullDate } from '@/shared/times/format';
import { weekdays } from '@/shared/times/weekdays';
import { shortHours } from '../schedule/clock-text';

interface MonthGridProps {
  days: ScheduleDay[];
  month: string;
  chosen: string | null;
  today: string;
  linkTo: (date: string) => string;
}

/** The days of a month: a grid on wide screens, a list on narrow ones. */
export function MonthGrid({ days, month, chosen, today, linkTo }: MonthGridProps) {
  return (
    <>
      <div className="month-weekdays" aria-hidden="true">
        {weekdays().map(({ number, name }) => (
          <span key={number}>{name.slice(0, 3)}</span>
        ))}
      </div>
      <ol className="month-grid">
        {days.map((day) => (
          <li key={day.date} className={day.date.startsWith(month) ? undefined : 'other-month'}>
            {day.date < today ? (
              <span className="month-day is-past">
                <DayContent day={day} isPast />
              </span>
            ) : (
              <Link
                className="month-day"
                aria-current={day.date === chosen ? 'date' : undefined}
                to={linkTo(day.date)}
              >
                <DayContent day={day} />
              </Link>
            )}
          </li>
        ))}
      </ol>
    </>
  );
}

function DayContent({ day, isPast = false }: { day: ScheduleDay; isPast?: boolean }) {
  const { t } = useLingui();
  const isOff = day.time_off.some(({ opens, closes }) => opens === '00:00' && closes === '24:00');
  return (
    <>
      <span className="month-date">
        <span className="visually-hidden">{fullDate(day.date)}</span>
        <span aria-hidden="true">{Number(day.date.slice(8))}</span>
        <span aria-hidden="true" className="month-weekday">
          {fullDate(day.date).split(/[ ,]/)[0]}
        </span>
      </span>
      {day.holiday && <span className="month-note is-holiday">{day.holiday}</span>}
      {day.time_off.length > 0 && (
        <span className="month-note is-off">{isOff ? t`Time off` : t`Partly off`}</span>
      )}
      {day.clock_changes.map(({ minutes, tz_label }) => (
        <span key={tz_label} className="month-note is-clock">
          {minutes > 0 ? t`Clocks go forward` : t`Clocks go back`}
        </span>
      ))}
      {day.is_exception && (
        <span className="month-note is-own">{day.hours.length > 0 ? t`Different hours` : t`Closed`}</span>
      )}
      {day.hours.map(({ opens, closes }) => (
        <span key={opens} className="month-hours">
          {shortHours(opens, closes)}
        </span>
      ))}
      {day.hours.length > 0 && !isPast && (
        <span className="month-times">
          <Plural value={day.times} _0="no times" one="# time" other="# times" />
        </span>
      )}
      {day.hours.length === 0 && !day.is_exception && !day.holiday && (
        <span className="month-times">
          <Trans>No hours</Trans>
        </span>
      )}
    </>
  );
}
