import { Trans } from '@lingui/react/macro';
import { SubmitButton } from '@/shared/forms/submit-button';
import type { Progress } from './use-confirm';

interface ConfirmButtonProps {
  progress: Progress;
  /** Whether the clinic must approve the booking. */
  needsApproval: boolean;
}

/** Says "Still trying" after 3 seconds and offers to try again after 10 seconds. */
export function ConfirmButton({ progress, needsApproval }: ConfirmButtonProps) {
  const idleLabel = needsApproval ? <Trans>Request appointment</Trans> : <Trans>Confirm appointment</Trans>;
  const busyLabel = progress === 'still trying' ? <Trans>Still trying…</Trans> : <Trans>Booking…</Trans>;
  return (
    <>
      {progress === 'slow' && (
        <p role="status">
          <Trans>
            This is taking longer than usual. If you try again, we will not book a second appointment.
          </Trans>
        </p>
      )}
      <SubmitButton busy={progress === 'sending' || progress === 'still trying'} busyLabel={busyLabel}>
        {progress === 'slow' ? <Trans>Try again</Trans> : idleLabel}
      </SubmitButton>
    </>
  );
}
