import { Plural } from '@lingui/react/macro';
import type { Slot } from '@/shared/api/types';
import { longDate } from '@/shared/times/format';
import { DayParts } from './day-parts';

interface DayTimesProps {
  date: string;
  slots: Slot[];
  chosen: string | null;
  choose: (slot: Slot) => void;
  isFirst: boolean;
  id?: string;
}

export function DayTimes({ date, slots, id, ...props }: DayTimesProps) {
  return (
    <fieldset className="day" id={id}>
      <legend>
        <DayName date={date} />{' '}
        <span className="day-count">
          <Plural value={slots.length} one="# time" other="# times" />
        </span>
      </legend>
      <DayParts slots={slots} {...props} />
    </fieldset>
  );
}

/** "Tuesday 24 November", on two lines where the days are columns. The comma is only for screen readers. */
function DayName({ date }: { date: string }) {
  const [weekday, ...rest] = longDate(date).split(' ');
  return (
    <>
      <span className="day-part">{weekday}</span>{' '}
      <span className="day-part">
        {rest.join(' ')}
        <span className="visually-hidden">,</span>
      </span>
    </>
  );
}
