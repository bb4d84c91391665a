import { Trans, useLingui } from '@lingui/react/macro';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link, useParams, useSearchParams } from 'react-router';
import type { HoursField, ScheduleDays } from '@/gen';
import { doctorQuery } from '@/shared/api/get-doctor';
import { useClinic } from '@/shared/clinic/clinic-context';
import { Icon } from '@/shared/staff/icon';
import { useStaff } from '@/shared/staff/staff-context';
import { todayIn } from '@/shared/times/dates';
import { shortDate } from '@/shared/times/format';
import { weekdays } from '@/shared/times/weekdays';
import { PageHeading } from '@/shared/ui/page-heading';
import { QueryView } from '@/shared/ui/query-view';
import { gridOf, monthOf } from '../days/month';
import { MonthGrid } from '../days/month-grid';
import { MonthNav } from '../days/month-nav';
import { workingHoursQuery } from '../hours/working-hours';
import { hoursText } from '../schedule/clock-text';
import { scheduleDaysQuery } from '../schedule/schedule-days';
import { periodText } from '../time-off/period-text';
import { timeOffQuery } from '../time-off/time-off';

/** A doctor's hours, single days and time off, for the front desk to read. Admins can also change them. */
export function DoctorPage() {
  const { id = '' } = useParams();
  return (
    <QueryView page query={useQuery(doctorQuery(id))}>
      {(doctor) => (
        <>
          <PageHeading title={doctor.display_name} />
          <Links id={id} />
          <div className="doctor-columns">
            <Days id={id} />
            <div>
              <Hours id={id} />
              <TimeOff id={id} />
            </div>
          </div>
        </>
      )}
    </QueryView>
  );
}

function Links({ id }: { id: string }) {
  const { role } = useStaff();
  return (
    <p className="d-flex flex-wrap gap-2">
      <Link className="btn btn-outline-primary" to={`/portal/calendar?view=week&doctors=${id}`}>
        <Icon name="calendar" />
        <Trans>Calendar</Trans>
      </Link>
      <Link className="btn btn-outline-primary" to={`/portal/new?doctor=${id}`}>
        <Icon name="plus" />
        <Trans>New booking</Trans>
      </Link>
      {role === 'admin' && (
        <Link className="btn btn-outline-primary" to={`/portal/hours?doctor=${id}`}>
          <Icon name="clock" />
          <Trans>Change hours and time off</Trans>
        </Link>
      )}
      {role === 'admin' && (
        <Link className="btn btn-outline-primary" to={`/portal/bookable?doctor=${id}`}>
          <Icon name="check" />
          <Trans>What can be booked</Trans>
        </Link>
      )}
    </p>
  );
}

function Card({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <section className="portal-card" aria-labelledby={id}>
      <h2 id={id} className="h5">
        {title}
      </h2>
      {children}
    </section>
  );
}

function Hours({ id }: { id: string }) {
  const { t } = useLingui();
  const schedule = useQuery(scheduleDaysQuery({ doctor: id }));
  return (
    <Card id="weekly" title={t`Weekly hours`}>
      <QueryView query={useQuery(workingHoursQuery(id))}>
        {({ hours }) =>
          hours.length === 0 ? (
            <p className="mb-0">
              <Trans>No weekly hours are set.</Trans>
            </p>
          ) : (
            <dl className="week-list">
              {weekdays().map(({ number, name }) => (
                <div key={number}>
                  <dt>{name}</dt>
                  <dd>
                    <Intervals
                      rows={hours.filter(({ weekday }) => weekday === number)}
                      places={schedule.data?.places ?? []}
                    />
                  </dd>
                </div>
              ))}
            </dl>
          )
        }
      </QueryView>
    </Card>
  );
}

function Intervals({ rows, places }: { rows: HoursField[]; places: ScheduleDays['places'] }) {
  const { t } = useLingui();
  if (rows.length === 0) return <span className="text-body-secondary">{t`No hours`}</span>;
  return rows.map((row) => {
    const details = [
      t`${row.slot_minutes} min`,
      places.find(({ id }) => id === row.place)?.name,
      row.weeks !== 'every' && t`${row.weeks} weeks`,
      row.valid_from && t`from ${shortDate(row.valid_from)}`,
      row.valid_until && t`until ${shortDate(row.valid_until)}`,
    ];
    return (
      <span key={`${row.opens} ${row.weeks} ${row.valid_from}`} className="d-block">
        {hoursText(row.opens, row.closes)}
        <span className="week-details">{details.filter(Boolean).join(', ')}</span>
      </span>
    );
  });
}

function TimeOff({ id }: { id: string }) {
  const { t } = useLingui();
  return (
    <Card id="time-off" title={t`Time off`}>
      <QueryView query={useQuery(timeOffQuery(id))}>
        {(rows) =>
          rows.length === 0 ? (
            <p className="mb-0">
              <Trans>No time off is planned.</Trans>
            </p>
          ) : (
            <ul className="list-unstyled mb-0">
              {rows.map((row) => (
                <li key={row.id} className="mb-2">
                  {periodText(row)}
                  <span className="d-block text-body-secondary">
                    {[row.doctor === null && t`Whole clinic`, row.note].filter(Boolean).join(' · ')}
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </QueryView>
    </Card>
  );
}

function Days({ id }: { id: string }) {
  const { time_zone } = useClinic();
  const [search] = useSearchParams();
  const today = todayIn(time_zone);
  const month = monthOf(search.get('month'), today);
  const days = useQuery({
    ...scheduleDaysQuery({ doctor: id, ...gridOf(month) }),
    placeholderData: keepPreviousData,
  });
  return (
    <section aria-labelledby="days">
      <MonthNav id="days" month={month} linkTo={(other) => `?month=${other}`} />
      <QueryView query={days}>
        {(shown) => (
          <>
            <p className="text-body-secondary">
              <Trans>Choose a day to open it in the calendar. Times are {shown.tz_label}.</Trans>
            </p>
            <MonthGrid
              days={shown.days}
              month={month}
              chosen={null}
              today={today}
              linkTo={(date) => `/portal/calendar?view=day&date=${date}&doctors=${id}`}
            />
          </>
        )}
      </QueryView>
    </section>
  );
}
