import { Trans, useLingui } from '@lingui/react/macro';
import type { WhyNot } from '@/gen';
import { SubmitButton } from '@/shared/forms/submit-button';
import { endTime, fullDate, startTime } from '@/shared/times/format';
import { useFocusOn } from '@/shared/ui/use-focus-on';
import { Obstacles } from './time-check';

interface ConfirmTimeProps {
  check: WhyNot;
  isSaving: boolean;
  confirm: () => void;
  cancel: () => void;
}

/** The second step for a time that is not free: lists the obstacles and asks the user to confirm. */
export function ConfirmTime({ check, isSaving, confirm, cancel }: ConfirmTimeProps) {
  const { t } = useLingui();
  const heading = useFocusOn<HTMLHeadingElement>(check);
  const [day, start, end] = [fullDate(check.local_date), startTime(check), endTime(check)];
  const overlaps = check.overlaps.length > 0;
  return (
    <form
      className="portal-card move-confirm"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isSaving) confirm();
      }}
    >
      <h2 ref={heading} tabIndex={-1}>
        {overlaps ? <Trans>Double-book this time?</Trans> : <Trans>Use this time anyway?</Trans>}
      </h2>
      <p>
        <Trans>
          {day}, {start} to {end} ({check.tz_label})
        </Trans>
      </p>
      <Obstacles check={check} />
      <div className="actions">
        <SubmitButton busy={isSaving} busyLabel={t`Moving…`}>
          {overlaps ? <Trans>Double-book and move</Trans> : <Trans>Move anyway</Trans>}
        </SubmitButton>
        <button type="button" className="btn btn-outline-primary btn-lg" onClick={cancel}>
          <Trans>Choose another time</Trans>
        </button>
      </div>
    </form>
  );
}
