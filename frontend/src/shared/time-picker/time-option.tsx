import type { Slot } from '@/shared/api/types';
import { clockTime, repeatedHourNote } from '@/shared/times/format';

interface TimeOptionProps {
  slot: Slot;
  chosen: string | null;
  choose: (slot: Slot) => void;
}

export function TimeOption({ slot, chosen, choose }: TimeOptionProps) {
  const repeatedHour = repeatedHourNote(slot);
  return (
    <div className="time">
      <input
        type="radio"
        name="slot"
        id={slot.id}
        value={slot.id}
        className="btn-check"
        autoComplete="off"
        checked={chosen === slot.id}
        onChange={() => choose(slot)}
      />
      <label className="btn btn-time" htmlFor={slot.id}>
        {clockTime(slot.local_time)}
        {repeatedHour && <span className="d-block small"> {repeatedHour}</span>}
      </label>
    </div>
  );
}
