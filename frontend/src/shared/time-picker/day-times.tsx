import { Plural } from '@lingui/react/macro';
import type { Slot } from '@/shared/api/types';
import { longDate } from '@/shared/times/format';
import { TimeOption } from './time-option';

interface DayTimesProps {
  date: string;
  slots: Slot[];
  chosen: string | null;
  choose: (slot: Slot) => void;
}

export function DayTimes({ date, slots, chosen, choose }: DayTimesProps) {
  return (
    <fieldset className="day" id={date}>
      <legend>
        <DayName date={date} />{' '}
        <span className="day-count">
          <Plural value={slots.length} one="# time" other="# times" />
        </span>
      </legend>
      <div className="day-times">
        {slots.map((slot) => (
          <TimeOption key={slot.id} slot={slot} chosen={chosen} choose={choose} />
        ))}
      </div>
    </fieldset>
  );
}

/** "Tuesday 24 November,", on two lines where the days are columns. */
function DayName({ date }: { date: string }) {
  const [weekday, ...rest] = longDate(date).split(' ');
  return (
    <>
      <span className="day-part">{weekday}</span> <span className="day-part">{rest.join(' ')},</span>
    </>
  );
}
