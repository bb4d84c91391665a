import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { memo, type ReactNode, useMemo } from 'react';
import { isApiError } from '@/shared/api/api-error';
import { useClinic } from '@/shared/clinic/clinic-context';
import { Icon } from '@/shared/staff/icon';
import { timeInZone } from '@/shared/times/device-time';
import { clockTime } from '@/shared/times/format';
import { ErrorMessage } from '@/shared/ui/error-message';
import { Loading } from '@/shared/ui/loading';
import { calendarQuery } from './get-calendar';
import { DayGrid } from './grid/day-grid';
import { ListView } from './list-view';
import { type CalendarUrl, daysOf, type View } from './shared/calendar-url';
import { type Calendar, type CalendarDay, columnsOf } from './shared/types';
import { useAnnounceChanges } from './use-announce-changes';

interface CalendarViewProps {
  url: CalendarUrl;
  /** Their ids; none for the signed-in doctor. */
  doctors: string[];
  /** Shown instead if the server knows no such doctor. */
  onMissing?: ReactNode;
}

/** The chosen days and doctors as a grid or a list. It stays on the screen if a refetch fails. */
export function CalendarView({ url, doctors, onMissing }: CalendarViewProps) {
  const { t } = useLingui();
  const { view, date } = url;
  const days = daysOf(view, date);
  const request = { first: days[0] ?? date, last: days.at(-1) ?? date, doctors };
  const { data, isError, error, refetch, dataUpdatedAt, failureCount } = useQuery(calendarQuery(request));
  if (!data && isError && onMissing && isApiError(error) && error.status === 404) return onMissing;
  if (!data && isError) return <ErrorMessage error={error} retry={refetch} />;
  if (!data) return <Loading>{t`Loading the calendar…`}</Loading>;
  return (
    <>
      <Staleness since={isError || failureCount > 1 ? dataUpdatedAt : null} />
      <Shown calendar={data} view={view} requestKey={JSON.stringify(request)} />
    </>
  );
}

/** Says when the calendar was last updated, if the server cannot be reached. */
function Staleness({ since }: { since: number | null }) {
  const clinic = useClinic();
  const time = since && timeInZone(new Date(since).toISOString(), clinic.time_zone);
  return (
    <div role="status">
      {time && (
        <p className="notice calendar-stale">
          <Icon name="warning" />
          <span>
            <Trans>
              We last updated this calendar at {time}. We cannot reach the server but will keep trying.
            </Trans>
          </span>
        </p>
      )}
    </div>
  );
}

interface ShownProps {
  calendar: Calendar;
  view: View;
  requestKey: string;
}

// Rerendered only if the calendar has changed, not after each request.
const Shown = memo(function Shown({ calendar, view, requestKey }: ShownProps) {
  useAnnounceChanges(calendar, requestKey);
  const columns = useMemo(() => columnsOf(calendar), [calendar]);
  return (
    <>
      <DayNotes calendar={calendar} view={view} />
      {view === 'list' ? (
        <ListView columns={columns} />
      ) : (
        <>
          <DayGrid columns={columns} names={view === 'week' ? 'days' : 'doctors'} />
          <div className="calendar-on-paper">
            <ListView columns={columns} forPaper />
          </div>
        </>
      )}
      <p className="calendar-zone">
        <Trans>All times are {calendar.tz_label} unless another time zone is named.</Trans>
      </p>
    </>
  );
});

/** Notes about whole days: holidays and clock changes. In a week, holidays are above their columns. */
function DayNotes({ calendar, view }: { calendar: Calendar; view: View }) {
  const notes = calendar.days.filter(
    ({ holiday, clock_change }) => clock_change || (view !== 'week' && holiday !== null),
  );
  return notes.map((day) => (
    <p key={day.date} className="notice calendar-note">
      <Icon name={day.clock_change ? 'clock' : 'away'} />
      <span>
        {day.holiday !== null && view !== 'week' && (
          <strong className="calendar-holiday">
            {day.holiday ? <Trans>Holiday: {day.holiday}</Trans> : <Trans>Holiday</Trans>}
          </strong>
        )}{' '}
        <ClockChange day={day} />
      </span>
    </p>
  ));
}

function ClockChange({ day: { clock_change, marks } }: { day: CalendarDay }) {
  if (!clock_change) return null;
  if (clock_change.forward_minutes > 0) {
    const after = marks.find(({ minute }) => minute >= clock_change.minute);
    return <Trans>The clocks go forward on this day, to {clockTime(after?.local_time ?? '')}.</Trans>;
  }
  const doubled = marks.find(({ clock_pass }) => clock_pass === 1);
  const name = doubled ? clockTime(doubled.local_time) : '';
  return <Trans>The clocks go back on this day. The hour from {name} happens twice.</Trans>;
}
