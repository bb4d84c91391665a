import { Plural, Trans, useLingui } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import { useClinic } from '@/shared/clinic/clinic-context';
import { StatusBadge } from '@/shared/staff/booking-status';
import { endTime, fullDate, startTime } from '@/shared/times/format';
import { useNow } from '@/shared/times/use-now';
import { WhereIcon } from './grid/visit-block';
import { CLOCK_STEP_MS, inOrder } from './shared/layout';
import { type Column, isCancelled, type PlacedVisit } from './shared/types';
import { VisitLink } from './shared/visit-link';

interface ListViewProps {
  columns: Column[];
  /** For a print-out: cancelled visits and free times are left out, and nothing is a link. */
  forPaper?: boolean;
}

/** A list of each day of each doctor: for phones, screen readers and paper. */
export function ListView({ columns, forPaper = false }: ListViewProps) {
  const isOneDay = columns.every(({ day }) => day.date === columns[0]?.day.date);
  return columns.map((column) => (
    <DayList
      key={column.key}
      column={column}
      forPaper={forPaper}
      hasOthers={columns.length > 1}
      isOneDay={isOneDay}
    />
  ));
}

interface DayListProps {
  column: Column;
  forPaper: boolean;
  hasOthers: boolean;
  /** The toolbar names the day already. */
  isOneDay: boolean;
}

function DayList({ column: { doctor, day, content }, forPaper, hasOthers, isOneDay }: DayListProps) {
  const { t } = useLingui();
  const now = useNow(CLOCK_STEP_MS);
  const visits = inOrder(content.visits.filter((visit) => !isCancelled(visit)));
  const cancelled = content.visits.filter(isCancelled);
  const free = forPaper ? [] : content.free.filter(({ ends_at }) => Date.parse(ends_at) > now);
  const rows: { minute: number; key: string; row: ReactNode }[] = [
    ...visits.map((visit) => ({
      minute: visit.minute,
      key: visit.booking.id,
      row: <VisitRow visit={visit} forPaper={forPaper} />,
    })),
    ...content.time_off.map((row) => ({
      minute: row.minute,
      key: `${row.id} ${row.minute}`,
      row: (
        <PlainRow from={startTime(row)} until={isWholeDay(row, day.minutes) ? '' : endTime(row)}>
          {row.everybody ? t`Clinic closed` : t`Time off`}
          {row.note && `: ${row.note}`}
        </PlainRow>
      ),
    })),
    ...content.elsewhere.map((period) => ({
      minute: period.minute,
      key: `elsewhere ${period.minute}`,
      row: (
        <PlainRow from={startTime(period)} until={endTime(period)}>
          <Trans>Busy in another calendar</Trans>
        </PlainRow>
      ),
    })),
    ...content.blocked.map((slot) => ({
      minute: slot.minute,
      key: slot.id,
      row: (
        <PlainRow from={startTime(slot)} until={endTime(slot)}>
          <Trans>Blocked</Trans>
        </PlainRow>
      ),
    })),
    ...free.map((period) => ({
      minute: period.minute,
      key: `free ${period.minute}`,
      row: (
        <PlainRow from={startTime(period)} until={endTime(period)} isQuiet>
          <Plural value={period.slots.length} one="# free time" other="# free times" />
        </PlainRow>
      ),
    })),
  ].sort((a, b) => a.minute - b.minute);
  const date = fullDate(day.date);
  return (
    <section className="day-list" aria-label={`${doctor.display_name}, ${date}`}>
      <h3 className="day-list-heading">
        {hasOthers || forPaper ? doctor.display_name : date}
        {((hasOthers && !isOneDay) || forPaper) && <span className="day-list-date">{date}</span>}
      </h3>
      {rows.length === 0 ? (
        <p className="day-list-empty">
          {content.hours.length === 0 ? (
            <Trans>No working hours on this day.</Trans>
          ) : (
            <Trans>There are no visits on this day.</Trans>
          )}
        </p>
      ) : (
        <ol className="day-list-rows">
          {rows.map(({ key, row }) => (
            <li key={key}>{row}</li>
          ))}
        </ol>
      )}
      {cancelled.length > 0 && !forPaper && (
        <details className="day-list-cancelled">
          <summary>
            <Plural value={cancelled.length} one="# cancelled visit" other="# cancelled visits" />
          </summary>
          <ol className="day-list-rows">
            {inOrder(cancelled).map((visit) => (
              <li key={visit.booking.id}>
                <VisitRow visit={visit} forPaper={false} />
              </li>
            ))}
          </ol>
        </details>
      )}
    </section>
  );
}

const isWholeDay = (row: { minute: number; end_minute: number }, minutes: number) =>
  row.minute <= 0 && row.end_minute >= minutes;

interface PlainRowProps {
  from: string;
  until: string;
  isQuiet?: boolean;
  children: ReactNode;
}

function PlainRow({ from, until, isQuiet = false, children }: PlainRowProps) {
  return (
    <div className={isQuiet ? 'day-row is-quiet' : 'day-row is-absence'}>
      <p className="day-row-time">{until ? `${from} – ${until}` : <Trans>All day</Trans>}</p>
      <p className="day-row-text">{children}</p>
    </div>
  );
}

function VisitRow({ visit: { booking }, forPaper }: { visit: PlacedVisit; forPaper: boolean }) {
  const { t } = useLingui();
  const clinic = useClinic();
  const { patient, place, tz_label } = booking;
  const content = (
    <>
      <span className="day-row-time">
        {startTime(booking)} – {endTime(booking)}
        {tz_label !== clinic.tz_label && <span className="day-row-zone">{tz_label}</span>}
      </span>
      <span className="day-row-text">
        <strong>{patient?.name ?? t`Held for a patient`}</strong>
        <span className="day-row-detail">
          <WhereIcon booking={booking} />
          {[booking.visit_type?.name, place?.name, booking.room, forPaper && patient?.phone_display]
            .filter(Boolean)
            .join(' · ')}
        </span>
        {booking.overbooked && (
          <span className="day-row-detail">
            <Trans>Double booking</Trans>
          </span>
        )}
        {patient?.email_problem && (
          <span className="day-row-detail">
            <Trans>Emails to this patient are not delivered.</Trans>
          </span>
        )}
      </span>
      <StatusBadge booking={booking} />
    </>
  );
  if (forPaper) return <div className="day-row">{content}</div>;
  return (
    <VisitLink booking={booking} className="day-row">
      {content}
    </VisitLink>
  );
}
