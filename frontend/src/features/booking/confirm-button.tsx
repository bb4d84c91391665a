import { Trans } from '@lingui/react/macro';
import { SubmitButton } from '@/shared/forms/submit-button';
import type { Progress } from './use-confirm';

interface ConfirmButtonProps {
  progress: Progress;
  /** Whether the clinic has to confirm it in its turn. */
  asks: boolean;
}

/** Waits for the server's word: says after 3 s that it is still trying, and offers another try after 10 s. */
export function ConfirmButton({ progress, asks }: ConfirmButtonProps) {
  const ready = asks ? <Trans>Request appointment</Trans> : <Trans>Confirm appointment</Trans>;
  const working = progress === 'still trying' ? <Trans>Still trying…</Trans> : <Trans>Booking…</Trans>;
  return (
    <>
      {progress === 'slow' && (
        <p role="status">
          <Trans>This is taking longer than usual. Trying again will not book you twice.</Trans>
        </p>
      )}
      <SubmitButton busy={progress === 'sending' || progress === 'still trying'} working={working}>
        {progress === 'slow' ? <Trans>Try again</Trans> : ready}
      </SubmitButton>
    </>
  );
}
