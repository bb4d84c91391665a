import { useLingui } from '@lingui/react/macro';
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import type { Dashboard } from '@/gen';
import { useClinic } from '@/shared/clinic/clinic-context';
import { NoDoctorRecord } from '@/shared/staff/no-doctor-record';
import { isFrontDesk, useStaff } from '@/shared/staff/staff-context';
import { todayIn } from '@/shared/times/dates';
import { fullDate } from '@/shared/times/format';
import { useNow } from '@/shared/times/use-now';
import { PageHeading } from '@/shared/ui/page-heading';
import { QueryView } from '@/shared/ui/query-view';
import { type Board, boardQuery } from './board';
import { BoardColumns } from './board-columns';
import { dashboardQuery } from './dashboard';
import { Coming, FailedMessages, Unfilled } from './dashboard-sections';
import { DayFilters, useDayFilter } from './day-filters';
import { DayInWords, NextPatient } from './next-patient';
import { PrintedDay } from './printed-day';
import { Requests } from './requests';
import { useAnnounceArrivals } from './use-announce-arrivals';
import { useIsPrinting } from './use-is-printing';

/** The first page of the portal: a doctor's day, or the board of the front desk. */
export function HomePage() {
  const { t } = useLingui();
  const staff = useStaff();
  const dashboard = useQuery(dashboardQuery());
  if (isFrontDesk(staff)) return <Day dashboard={dashboard} isDoctor={false} />;
  return (
    <QueryView page query={dashboard} loading={t`Loading your day…`}>
      {({ doctor }) =>
        doctor ? (
          <Day dashboard={dashboard} isDoctor />
        ) : (
          <>
            <PageHeading title={t`Your schedule is not set up yet`} />
            <NoDoctorRecord />
          </>
        )
      }
    </QueryView>
  );
}

const CLOCK_STEP_MS = 10_000;

interface DayProps {
  dashboard: UseQueryResult<Dashboard>;
  isDoctor: boolean;
}

function Day({ dashboard, isDoctor }: DayProps) {
  const { t } = useLingui();
  const { time_zone, tz_label } = useClinic();
  const filter = useDayFilter();
  const board = useQuery(boardQuery(filter));
  const today = todayIn(time_zone);
  const day = filter.date ?? today;
  const isToday = day === today;
  return (
    <>
      <PageHeading title={isToday ? t`Today` : fullDate(day)}>
        {isToday ? t`Today` : fullDate(day)}
        <small className="day-of-title">{isToday ? `${fullDate(day)}, ${tz_label}` : tz_label}</small>
      </PageHeading>
      <DayFilters board={board.data} showDoctors={!isDoctor} />
      <div className="home-day">
        <QueryView query={board} loading={t`Loading the visits…`}>
          {(data) => <Visits board={data} isDoctor={isDoctor} isToday={isToday} />}
        </QueryView>
        {isToday && (
          <QueryView query={dashboard} loading={t`Loading requests and messages…`}>
            {(data) => (
              <div className="dashboard-sections">
                <Requests dashboard={data} showDoctor={!isDoctor} />
                <FailedMessages />
                <Unfilled dashboard={data} isDoctor={isDoctor} />
                <Coming dashboard={data} isDoctor={isDoctor} />
              </div>
            )}
          </QueryView>
        )}
      </div>
    </>
  );
}

interface VisitsProps {
  board: Board;
  isDoctor: boolean;
  isToday: boolean;
}

function Visits({ board, isDoctor, isToday }: VisitsProps) {
  const now = useNow(CLOCK_STEP_MS) + board.clockAhead;
  const isPrinting = useIsPrinting();
  useAnnounceArrivals(isDoctor ? board : undefined);
  return (
    <>
      <DayInWords visits={board.visits} now={now} />
      {isDoctor && isToday && <NextPatient visits={board.visits} now={now} />}
      <BoardColumns visits={board.visits} now={now} showDoctor={!isDoctor} isToday={isToday} />
      {isPrinting && <PrintedDay board={board} />}
    </>
  );
}
