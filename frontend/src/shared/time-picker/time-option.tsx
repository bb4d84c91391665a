import type { Slot } from '@/shared/api/types';
import { clockTime, whichPass } from '@/shared/times/format';

interface TimeChoiceProps {
  slot: Slot;
  chosen: string | null;
  choose: (slot: Slot) => void;
}

export function TimeChoice({ slot, chosen, choose }: TimeChoiceProps) {
  const pass = whichPass(slot);
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
        {pass && <span className="d-block small"> {pass}</span>}
      </label>
    </div>
  );
}
