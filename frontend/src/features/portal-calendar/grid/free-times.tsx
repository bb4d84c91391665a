import { useLingui } from '@lingui/react/macro';
import { memo } from 'react';
import { Link } from 'react-router';
import { withQuery } from '@/shared/paths/with-query';
import { isFrontDesk, useStaff } from '@/shared/staff/staff-context';
import { endTime, startTime } from '@/shared/times/format';
import type { Bounds } from '../shared/layout';
import { position } from '../shared/position';
import type { Column, PlacedSlot } from '../shared/types';

interface FreeTimesProps {
  column: Column;
  bounds: Bounds;
  now: number;
}

/** Free times as a quiet background. The front desk starts a booking with a click on one that has not begun. */
export const FreeTimes = memo(function FreeTimes({ column, bounds, now }: FreeTimesProps) {
  const staff = useStaff();
  const { content, doctor } = column;
  return content.free.flatMap((period) =>
    period.slots.map((slot) =>
      isFrontDesk(staff) && Date.parse(slot.starts_at) > now ? (
        <FreeSlot key={slot.id} slot={slot} doctor={doctor} bounds={bounds} />
      ) : (
        <div key={slot.id} className="free-time" style={position(slot, bounds)} />
      ),
    ),
  );
});

interface FreeSlotProps {
  slot: PlacedSlot;
  doctor: Column['doctor'];
  bounds: Bounds;
}

function FreeSlot({ slot, doctor, bounds }: FreeSlotProps) {
  const { t } = useLingui();
  const [from, until, name] = [startTime(slot), endTime(slot), doctor.display_name];
  return (
    <Link
      className="free-time"
      data-cell={slot.minute}
      style={position(slot, bounds)}
      to={withQuery('/portal/new', { slot: slot.id, doctor: doctor.id, date: slot.local_date })}
      aria-label={t`Free, ${from} to ${until}, ${name}: book`}
    >
      <span className="free-time-label">{from}</span>
    </Link>
  );
}
