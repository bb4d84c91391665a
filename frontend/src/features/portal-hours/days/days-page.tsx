import { Trans, useLingui } from '@lingui/react/macro';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import type { ScheduleDays } from '@/gen';
import { useClinic } from '@/shared/clinic/clinic-context';
import { withQuery } from '@/shared/paths/with-query';
import { isDate, todayIn } from '@/shared/times/dates';
import { scheduleDaysQuery } from '../schedule/schedule-days';
import { useScheduleDoctor } from '../schedule/schedule-doctor';
import { SchedulePage } from '../schedule/schedule-page';
import { useIsHidden } from '../schedule/whole-page-step';
import { DayEditor } from './day-editor';
import { gridOf, monthOf } from './month';
import { MonthGrid } from './month-grid';
import { MonthNav } from './month-nav';

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
  const to = (params: { month: string; day?: string }) => withQuery('', { doctor, ...params });
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
  if (useIsHidden()) return null;
  return (
    <div>
      <MonthNav month={month} linkTo={(other) => to({ month: other })} />
      <p className="text-body-secondary">
        <Trans>Choose a day to set different hours or to close it. Times are {days.tz_label}.</Trans>
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
