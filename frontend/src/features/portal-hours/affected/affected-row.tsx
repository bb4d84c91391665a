import { Trans, useLingui } from '@lingui/react/macro';
import type { AffectedBooking, Alternative } from '@/gen';
import { shortDateTime, startTime } from '@/shared/times/format';

export const choiceId = (booking: string) => `choice-${booking}`;

interface AffectedRowProps {
  row: AffectedBooking;
  choice: string;
  choose: (choice: string) => void;
}

/** One appointment with a list of what can happen to it. */
export function AffectedRow({ row: { booking, alternatives }, choice, choose }: AffectedRowProps) {
  const { t } = useLingui();
  const id = choiceId(booking.id);
  const details = [booking.visit_type?.name, booking.place?.name].filter(Boolean).join(', ');
  return (
    <li className="affected-row">
      <label htmlFor={id} className="affected-who">
        <span className="affected-time">{startTime(booking)}</span> <strong>{booking.patient.name}</strong>
        {details && <span className="d-block text-body-secondary">{details}</span>}
      </label>
      <select id={id} className="form-select" value={choice} onChange={(event) => choose(event.target.value)}>
        <option value="" disabled hidden>
          {t`Choose what happens`}
        </option>
        <Moves alternatives={alternatives} doctor={booking.doctor.id} />
        <option value="keep">{t`Keep at this time`}</option>
        <option value="cancel">{t`Cancel and tell the patient`}</option>
      </select>
      {alternatives?.length === 0 && (
        <p className="affected-note">
          <Trans>There is no free time to move it to.</Trans>
        </p>
      )}
    </li>
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
