import { Trans } from '@lingui/react/macro';
import type { Slot } from '@/shared/api/types';
import { clockTime } from '@/shared/times/format';
import { type Pass, passOf } from './week';

interface TimeChoiceProps {
  slot: Slot;
  day: Slot[];
  chosen: string | null;
  choose: (slot: Slot) => void;
}

export function TimeChoice({ slot, day, chosen, choose }: TimeChoiceProps) {
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
        <WhichPass pass={passOf(slot, day)} />
      </label>
    </div>
  );
}

function WhichPass({ pass }: { pass: Pass }) {
  if (pass === 'only') return null;
  return (
    <span className="d-block small">
      {pass === 'before the change' ? (
        <Trans>before the clocks go back</Trans>
      ) : (
        <Trans>after the clocks go back</Trans>
      )}
    </span>
  );
}
