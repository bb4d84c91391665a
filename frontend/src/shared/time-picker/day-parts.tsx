import { Plural, Trans } from '@lingui/react/macro';
import { useState } from 'react';
import type { Slot } from '@/shared/api/types';
import { FOLDED_ABOVE, type PartOfDay, partsOfDay } from './parts-of-day';
import { TimeOption } from './time-option';

interface TimesProps {
  slots: Slot[];
  chosen: string | null;
  choose: (slot: Slot) => void;
}

interface DayPartsProps extends TimesProps {
  /** The first day with times: its first part is shown even if the day is folded. */
  isFirst: boolean;
}

/** The times of a day, by part of the day. With many times each part is folded. */
export function DayParts({ slots, isFirst, ...props }: DayPartsProps) {
  return partsOfDay(slots).map(({ part, slots: ofPart }, index) =>
    slots.length > FOLDED_ABOVE ? (
      <Fold key={part} part={part} slots={ofPart} isOpen={isFirst && index === 0} {...props} />
    ) : (
      <div key={part}>
        <p className="part-name">
          <PartName part={part} />
        </p>
        <Times slots={ofPart} {...props} />
      </div>
    ),
  );
}

interface FoldProps extends TimesProps {
  part: PartOfDay;
  isOpen: boolean;
}

/** A part that can be folded. Choosing a time in another part does not fold it again. */
function Fold({ part, isOpen, ...props }: FoldProps) {
  const [open, setOpen] = useState(isOpen);
  const hasChosen = props.slots.some(({ id }) => id === props.chosen);
  return (
    <details
      className="fold day-fold"
      open={open || hasChosen}
      onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
    >
      <summary>
        <PartName part={part} />{' '}
        <span className="day-count">
          <Plural value={props.slots.length} one="# time" other="# times" />
        </span>
      </summary>
      <Times {...props} />
    </details>
  );
}

function Times({ slots, chosen, choose }: TimesProps) {
  return (
    <div className="day-times">
      {slots.map((slot) => (
        <TimeOption key={slot.id} slot={slot} chosen={chosen} choose={choose} />
      ))}
    </div>
  );
}

function PartName({ part }: { part: PartOfDay }) {
  if (part === 'morning') return <Trans>Morning</Trans>;
  return part === 'afternoon' ? <Trans>Afternoon</Trans> : <Trans>Evening</Trans>;
}
