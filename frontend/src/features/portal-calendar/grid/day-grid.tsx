import { Trans, useLingui } from '@lingui/react/macro';
import { type CSSProperties, useLayoutEffect, useRef } from 'react';
import { clockTime, fullDate, shortDate } from '@/shared/times/format';
import { useNow } from '@/shared/times/use-now';
import { DragGhost } from '../moving/drag-ghost';
import { useDragVisit } from '../moving/use-drag-visit';
import { boundsOf, CLOCK_STEP_MS, hourHeight, minuteNow } from '../shared/layout';
import type { Column } from '../shared/types';
import { isCancelled } from '../shared/types';
import { CancelledVisits } from './cancelled-visits';
import { ColumnContent } from './column-content';
import { useRovingFocus } from './use-roving-focus';

interface DayGridProps {
  columns: Column[];
  /** What differs between the columns. */
  names: 'doctors' | 'days';
}

/** Columns with a common time axis in real minutes, so that a day of 25 hours has 25 rows. */
export function DayGrid({ columns, names }: DayGridProps) {
  const { t } = useLingui();
  const now = useNow(CLOCK_STEP_MS);
  const bounds = boundsOf(columns);
  const box = useRef<HTMLDivElement>(null);
  const days = columns.map(({ day }) => day.date).join();
  useScrollToNow(box, days);
  const onKeyDown = useRovingFocus(box, columns);
  const { drag, begin } = useDragVisit(box, columns, bounds);
  const style = {
    '--hour': `${hourHeight(columns)}rem`,
    '--minutes': bounds.until - bounds.from,
    '--columns': columns.map((column) => widthOf(column, names)).join(' '),
  } as CSSProperties;
  return (
    <section
      ref={box}
      className="calendar-grid"
      aria-label={t`Times`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what can be scrolled must be reached by the keyboard
      tabIndex={0}
      style={style}
      onKeyDown={onKeyDown}
      onPointerDown={begin}
      onDragStart={(event) => event.preventDefault()}
    >
      <div className="calendar-corner" />
      {columns.map((column) => (
        <ColumnHeading key={column.key} column={column} names={names} now={now} />
      ))}
      <TimeAxis column={columns[0]} bounds={bounds} />
      {columns.map((column, number) => (
        <section
          key={column.key}
          className="calendar-column"
          aria-labelledby={headingId(column)}
          data-column={number}
        >
          <ColumnContent column={column} bounds={bounds} now={now} />
          {drag?.target.column.key === column.key && <DragGhost drag={drag} bounds={bounds} />}
          <NowLine column={column} bounds={bounds} now={now} label={number === 0 ? t`Now` : undefined} />
        </section>
      ))}
    </section>
  );
}

/** A doctor who does not work on the day gets less width, so that the visits of the others have more. */
function widthOf({ content }: Column, names: DayGridProps['names']): string {
  const isIdle = names === 'doctors' && content.hours.length === 0 && content.visits.length === 0;
  return isIdle ? 'minmax(5.5rem, 0.5fr)' : 'minmax(7rem, 1fr)';
}

const headingId = ({ key }: Column) => `column-${key.replace(' ', '-')}`;

function ColumnHeading({
  column,
  names,
  now,
}: {
  column: Column;
  names: DayGridProps['names'];
  now: number;
}) {
  const { doctor, day, content } = column;
  const cancelled = content.visits.filter(isCancelled);
  const isToday = minuteNow(day, now) !== null;
  return (
    <div className={isToday && names === 'days' ? 'calendar-column-head is-today' : 'calendar-column-head'}>
      <h3 id={headingId(column)} className="calendar-column-name" title={doctor.display_name}>
        {names === 'days' ? (
          <>
            <span aria-hidden="true">{shortDate(day.date)}</span>
            <span className="visually-hidden">{fullDate(day.date)}</span>
          </>
        ) : (
          doctor.display_name
        )}
      </h3>
      {names === 'days' && day.holiday !== null && (
        <p className="calendar-column-note">{day.holiday || <Trans>Holiday</Trans>}</p>
      )}
      {content.hours.length === 0 && content.time_off.length === 0 && day.holiday === null && (
        <p className="calendar-column-note">
          <Trans>No hours</Trans>
        </p>
      )}
      {cancelled.length > 0 && <CancelledVisits visits={cancelled} />}
    </div>
  );
}

interface PartProps {
  column: Column | undefined;
  bounds: { from: number; until: number };
}

/** The hours at the side. A doubled hour is there twice, and the second one says so. */
function TimeAxis({ column, bounds }: PartProps) {
  const marks =
    column?.day.marks.filter(({ minute }) => bounds.from <= minute && minute < bounds.until) ?? [];
  return (
    <ol className="calendar-axis" aria-hidden="true">
      {marks.map(({ minute, local_time, clock_pass }) => (
        <li key={minute} style={{ '--start': minute - bounds.from } as CSSProperties}>
          {clockTime(local_time).replace(':00', '')}
          {clock_pass === 1 && (
            <span>
              <Trans>first time</Trans>
            </span>
          )}
          {clock_pass === 2 && (
            <span>
              <Trans>second time</Trans>
            </span>
          )}
        </li>
      ))}
    </ol>
  );
}

function NowLine({ column, bounds, now, label }: PartProps & { now: number; label?: string }) {
  const minute = column ? minuteNow(column.day, now) : null;
  if (minute === null || minute < bounds.from || minute > bounds.until) return null;
  return (
    <div className="calendar-now" style={{ '--start': minute - bounds.from } as CSSProperties}>
      {label && <span className="visually-hidden">{label}</span>}
    </div>
  );
}

/** Scrolls to the present, or to the first visit, once for each day. */
function useScrollToNow(box: React.RefObject<HTMLDivElement | null>, days: string): void {
  const shown = useRef('');
  useLayoutEffect(() => {
    const grid = box.current;
    if (!grid || shown.current === days) return;
    shown.current = days;
    const target =
      grid.querySelector<HTMLElement>('.calendar-now') ?? grid.querySelector<HTMLElement>('.visit');
    if (target) grid.scrollTop = Math.max(0, target.offsetTop - grid.clientHeight / 3);
  }, [box, days]);
}
