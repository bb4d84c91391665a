import { Trans } from '@lingui/react/macro';
import { readBookingDraft, saveBookingDraft } from './booking-draft';

const REASON_MAX = 500;

/** Saved on every change, so that nothing is lost on going back, reloading or choosing another time. */
export function ReasonField() {
  return (
    <div className="field">
      <label className="form-label" htmlFor="reason">
        <Trans>
          What is the reason for your appointment?{' '}
          <span className="fw-normal text-body-secondary">(optional)</span>
        </Trans>
      </label>
      <div id="reason-hint" className="form-text">
        <Trans>This helps the doctor to prepare. Only the clinic can read it.</Trans>
      </div>
      <textarea
        id="reason"
        name="reason"
        className="form-control"
        rows={4}
        maxLength={REASON_MAX}
        aria-describedby="reason-hint"
        defaultValue={readBookingDraft().reason}
        onChange={(event) => saveBookingDraft({ reason: event.target.value })}
      />
    </div>
  );
}
