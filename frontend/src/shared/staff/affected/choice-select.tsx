import { Trans, useLingui } from '@lingui/react/macro';
import type { AffectedBooking, Alternative } from '@/gen';
import { shortDateTime } from '@/shared/times/format';
import type { Choice } from './decisions';

/** The id of the list with the choices for a booking. */
export const choiceId = (booking: string) => `choice-${booking}`;

interface ChoiceSelectProps {
  row: AffectedBooking;
  /** Undefined if nothing is chosen yet. */
  choice: Choice | undefined;
  choose: (choice: Choice) => void;
}

/** A list of what can be done with a booking that a change affects. */
export function ChoiceSelect({ row: { booking, alternatives }, choice = '', choose }: ChoiceSelectProps) {
  const { t } = useLingui();
  return (
    <>
      <select
        id={choiceId(booking.id)}
        className="form-select"
        value={choice}
        onChange={(event) => choose(event.target.value)}
      >
        <option value="" disabled hidden>
          {t`Choose what happens`}
        </option>
        <Moves alternatives={alternatives} doctor={booking.doctor.id} />
        <option value="keep">{t`Keep at this time`}</option>
        <option value="cancel">{t`Cancel the appointment`}</option>
      </select>
      {alternatives?.length === 0 && (
        <p className="affected-note">
          <Trans>There is no free time to move it to.</Trans>
        </p>
      )}
    </>
  );
}

function Moves({ alternatives, doctor }: { alternatives: Alternative[] | null; doctor: string }) {
  const { t } = useLingui();
  if (alternatives === null) return <option value="nearest">{t`Move to the nearest free time`}</option>;
  return alternatives.map((slot) => (
    <option key={slot.id} value={slot.id}>
      {slot.doctor === doctor
        ? t`Move to ${shortDateTime(slot)}`
        : t`Move to ${shortDateTime(slot)}, ${slot.doctor_name}`}
    </option>
  ));
}
