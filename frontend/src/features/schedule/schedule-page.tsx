import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import { ApiError } from '@/shared/api/api-error';
import { useClinic } from '@/shared/clinic/clinic-context';
import { useUser } from '@/shared/session/get-user';
import { addDays, isDate, todayIn } from '@/shared/times/dates';
import { fullDate } from '@/shared/times/format';
import { ErrorPage } from '@/shared/ui/error-message';
import { PageHeading } from '@/shared/ui/page-heading';
import { QueryView } from '@/shared/ui/query-view';
import { DayList } from './day-list';
import { dayQuery } from './list-day';
import { RemovedTimes } from './removed-times';

export function SchedulePage() {
  const { t } = useLingui();
  return (
    <QueryView page query={useUser()} loading={t`Loading your details…`}>
      {(user) =>
        user.role === 'doctor' ? (
          <Day />
        ) : (
          <ErrorPage error={new ApiError(403, 'not_a_doctor', t`Only doctors have a schedule.`)} />
        )
      }
    </QueryView>
  );
}

function Day() {
  const { t } = useLingui();
  const clinic = useClinic();
  const [params] = useSearchParams();
  const requested = params.get('date');
  const date = isDate(requested) ? requested : todayIn(clinic.time_zone);
  return (
    <div className="narrow">
      <PageHeading title={t`My schedule`} />
      <nav aria-label={t`Days`} className="week-nav">
        <Link className="btn btn-outline-primary" to={`?date=${addDays(date, -1)}`}>
          <Trans>
            Previous<span className="visually-hidden"> day</span>
          </Trans>
        </Link>
        <h2 className="week-range">{fullDate(date)}</h2>
        <Link className="btn btn-outline-primary" to={`?date=${addDays(date, 1)}`}>
          <Trans>
            Next<span className="visually-hidden"> day</span>
          </Trans>
        </Link>
      </nav>
      <p className="text-body-secondary">
        <Trans>All times are {clinic.tz_label}.</Trans>
      </p>
      <QueryView query={useQuery(dayQuery(date))} loading={t`Loading your schedule…`}>
        {(slots) => <DayList slots={slots} />}
      </QueryView>
      <RemovedTimes key={date} date={date} />
      <p>
        <Link to="/profile/calendar">
          <Trans>Add appointments to your calendar</Trans>
        </Link>
      </p>
    </div>
  );
}
