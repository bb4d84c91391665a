import { Trans, useLingui } from '@lingui/react/macro';
import { type CSSProperties, memo } from 'react';
import { arrange, type Bounds, inOrder } from '../shared/layout';
import { position } from '../shared/position';
import { type Column, isCancelled, type PlacedVisit } from '../shared/types';
import { FreeTimes } from './free-times';
import { VisitBlock } from './visit-block';

interface ColumnContentProps {
  column: Column;
  bounds: Bounds;
  now: number;
}

/** What is behind the visits of a column (hours, free time, absences), and the visits. */
export const ColumnContent = memo(function ColumnContent({ column, bounds, now }: ColumnContentProps) {
  const { content, doctor } = column;
  const visits = inOrder(content.visits.filter((visit) => !isCancelled(visit)));
  const lanes = arrange(visits.map(withBuffers));
  return (
    <>
      {content.hours.map((hours) => (
        <div key={hours.minute} className="calendar-hours" style={position(hours, bounds)} />
      ))}
      <Absences column={column} bounds={bounds} />
      <FreeTimes column={column} bounds={bounds} now={now} />
      {visits.map((visit, number) => {
        const { lane = 0, lanes: count = 1 } = lanes[number] ?? {};
        const style = { '--lane': lane, '--lanes': count } as CSSProperties;
        return (
          <div key={visit.booking.id} className="calendar-lane" style={style}>
            <Buffers visit={visit} bounds={bounds} />
            <VisitBlock visit={visit} style={position(visit, bounds)} doctor={doctor.display_name} />
          </div>
        );
      })}
    </>
  );
});

const withBuffers = ({ busy_minute, busy_end_minute }: PlacedVisit) => ({
  minute: busy_minute,
  end_minute: busy_end_minute,
});

/** The time kept free before and after a visit. The visit's link says how long it is. */
function Buffers({ visit, bounds }: { visit: PlacedVisit; bounds: Bounds }) {
  const { minute, end_minute, busy_minute, busy_end_minute } = visit;
  return (
    <>
      {busy_minute < minute && (
        <div className="visit-buffer" style={position({ minute: busy_minute, end_minute: minute }, bounds)} />
      )}
      {end_minute < busy_end_minute && (
        <div
          className="visit-buffer"
          style={position({ minute: end_minute, end_minute: busy_end_minute }, bounds)}
        />
      )}
    </>
  );
}

/** Time off and blocked times, each with its reason. */
function Absences({ column: { content }, bounds }: { column: Column; bounds: Bounds }) {
  const { t } = useLingui();
  return (
    <>
      {content.time_off.map((row) => (
        <p
          key={`${row.id} ${row.minute}`}
          className="calendar-absence"
          style={position({ minute: row.minute, end_minute: row.end_minute }, bounds)}
        >
          <span>
            {row.everybody ? t`Clinic closed` : t`Time off`}
            {row.note && `: ${row.note}`}
          </span>
        </p>
      ))}
      {content.elsewhere.map((period) => (
        <p key={period.minute} className="calendar-absence" style={position(period, bounds)}>
          <span>
            <Trans>Busy in another calendar</Trans>
          </span>
        </p>
      ))}
      {content.blocked.map((slot) => (
        <p key={slot.id} className="calendar-absence" style={position(slot, bounds)}>
          <span>
            <Trans>Blocked</Trans>
          </span>
        </p>
      ))}
    </>
  );
}
