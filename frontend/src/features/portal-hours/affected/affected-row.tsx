import type { AffectedBooking } from '@/gen';
import { ChoiceSelect, choiceId } from '@/shared/staff/affected/choice-select';
import type { Choice } from '@/shared/staff/affected/decisions';
import { startTime } from '@/shared/times/format';

interface AffectedRowProps {
  row: AffectedBooking;
  choice: Choice | undefined;
  choose: (choice: Choice) => void;
}

/** One appointment with a list of what can happen to it. */
export function AffectedRow({ row, choice, choose }: AffectedRowProps) {
  const { booking } = row;
  const details = [booking.visit_type?.name, booking.place?.name].filter(Boolean).join(', ');
  return (
    <li className="affected-row">
      <label htmlFor={choiceId(booking.id)}>
        <span className="affected-time">{startTime(booking)}</span> <strong>{booking.patient.name}</strong>
        {details && <span className="d-block text-body-secondary">{details}</span>}
      </label>
      <ChoiceSelect row={row} choice={choice} choose={choose} />
    </li>
  );
}
