import { Trans } from '@lingui/react/macro';
import { keepBookingDraft, readBookingDraft } from './booking-draft';

const REASON_MAX = 500;

/** Kept at every stroke: going back, another time or a reload lose nothing. */
export function ReasonField() {
  return (
    <div className="field">
      <label className="form-label" htmlFor="reason">
        <Trans>
          Why would you like to be seen? <span className="fw-normal text-body-secondary">(optional)</span>
        </Trans>
      </label>
      <div id="reason-hint" className="form-text">
        <Trans>A few words help the doctor to prepare. Only the clinic can read them.</Trans>
      </div>
      <textarea
        id="reason"
        name="reason"
        className="form-control"
        rows={4}
        maxLength={REASON_MAX}
        aria-describedby="reason-hint"
        defaultValue={readBookingDraft().reason}
        onChange={(event) => keepBookingDraft({ reason: event.target.value })}
      />
    </div>
  );
}
