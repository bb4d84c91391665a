import { Trans, useLingui } from '@lingui/react/macro';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import type { ScheduleDays } from '@/gen';
import { useClinic } from '@/shared/clinic/clinic-context';
import { Icon } from '@/shared/staff/icon';
import { isDate, todayIn } from '@/shared/times/dates';
import { scheduleDaysQuery } from '../schedule/schedule-days';
import { useScheduleDoctor } from '../schedule/schedule-doctor';
import { SchedulePage } from '../schedule/schedule-page';
import { useIsHidden } from '../schedule/takes-page';
import { DayEditor } from './day-editor';
import { addMonths, gridOf, monthName, monthOf } from './month';
import { MonthGrid } from './month-grid';

/** A month of a doctor's days. Choosing one opens its hours beside the month. */
export function DaysPage() {
  const { t } = useLingui();
  const { time_zone } = useClinic();
  const doctor = useScheduleDoctor();
  const [search] = useSearchParams();
  const today = todayIn(time_zone);
  const requested = search.get('day');
  const day = isDate(requested) && requested >= today ? requested : null;
  const month = monthOf(search.get('month'), day ?? today);
  const schedule = useQuery({
    ...scheduleDaysQuery({ doctor, ...gridOf(month) }),
    placeholderData: keepPreviousData,
  });
  const to = (params: { month: string; day?: string }) =>
    `?${new URLSearchParams({ ...(doctor && { doctor }), ...params })}`;
  return (
    <SchedulePage title={t`Single days`} query={schedule}>
      {(shown) => (
        <div className={day ? 'days-columns has-day' : 'days-columns'}>
          <Month days={shown} month={month} day={day} today={today} to={to} />
          {day && <DayEditor key={day} doctor={doctor} date={day} schedule={shown} back={to({ month })} />}
        </div>
      )}
    </SchedulePage>
  );
}

interface MonthProps {
  days: ScheduleDays;
  month: string;
  day: string | null;
  today: string;
  to: (params: { month: string; day?: string }) => string;
}

function Month({ days, month, day, today, to }: MonthProps) {
  const { t } = useLingui();
  if (useIsHidden()) return null;
  return (
    <div>
      <nav aria-label={t`Months`} className="week-nav">
        <Link
          className="btn btn-outline-primary"
          aria-label={t`Previous month`}
          to={to({ month: addMonths(month, -1) })}
        >
          <Icon name="previous" />
        </Link>
        <h2 className="week-range">{monthName(month)}</h2>
        <Link
          className="btn btn-outline-primary"
          aria-label={t`Next month`}
          to={to({ month: addMonths(month, 1) })}
        >
          <Icon name="next" />
        </Link>
      </nav>
      <p className="text-body-secondary">
        <Trans>Choose a day to give it its own hours, or to close it. Times are {days.tz_label}.</Trans>
      </p>
      <MonthGrid
        days={days.days}
        month={month}
        chosen={day}
        today={today}
        linkTo={(date) => to({ month, day: date })}
      />
    </div>
  );
}
