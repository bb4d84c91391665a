import { Plural, Trans, useLingui } from '@lingui/react/macro';
import type { AffectedBooking } from '@/gen';
import { type Action, type Choices, chooseForAll, totals } from './decisions';

interface ChooseForAllProps {
  bookings: AffectedBooking[];
  choose: (choices: Choices) => void;
}

/** Buttons that make the same choice for all bookings. */
export function ChooseForAll({ bookings, choose }: ChooseForAllProps) {
  const { t } = useLingui();
  const actions: [Action, string][] = [
    ['move', t`Move each to its nearest free time`],
    ['keep', t`Keep all`],
    ['cancel', t`Cancel all`],
  ];
  return (
    <fieldset className="affected-all" aria-label={t`Choose for all appointments`}>
      {actions.map(([action, label]) => (
        <button
          key={action}
          type="button"
          className="btn btn-outline-primary"
          onClick={() => choose(chooseForAll(bookings, action))}
        >
          {label}
        </button>
      ))}
    </fieldset>
  );
}

/** The number of bookings without a choice; if all have one, the number with each action. */
export function ChoiceTotals({ bookings, choices }: { bookings: AffectedBooking[]; choices: Choices }) {
  const { move, keep, cancel, undecided } = totals(bookings, choices);
  if (undecided > 0) {
    return <Plural value={undecided} one="# appointment to decide" other="# appointments to decide" />;
  }
  return (
    <Trans>
      {move} to move, {keep} to keep, {cancel} to cancel
    </Trans>
  );
}
