import { Plural, Trans } from '@lingui/react/macro';
import type { Slot } from '@/shared/api/types';
import { Fold } from './fold';
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
      <FoldedPart key={part} part={part} slots={ofPart} isOpen={isFirst && index === 0} {...props} />
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

interface FoldedPartProps extends TimesProps {
  part: PartOfDay;
  isOpen: boolean;
}

function FoldedPart({ part, isOpen, ...props }: FoldedPartProps) {
  const hasChosen = props.slots.some(({ id }) => id === props.chosen);
  const name = (
    <>
      <PartName part={part} />{' '}
      <span className="day-count">
        <Plural value={props.slots.length} one="# time" other="# times" />
      </span>
    </>
  );
  return (
    <Fold className="day-fold" name={name} isOpen={isOpen || hasChosen}>
      <Times {...props} />
    </Fold>
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
