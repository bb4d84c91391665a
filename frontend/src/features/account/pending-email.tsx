import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import type { PendingEmailChange } from '@/shared/api/types';
import { shortDateTime } from '@/shared/times/format';
import { ErrorMessage } from '@/shared/ui/error-message';
import { useFocusOn } from '@/shared/ui/use-focus-on';
import { pendingEmailQuery, useCancelChange, useResendLink } from './change-email';

/** The new email address that waits for its confirmation, with what the user can do about it. */
export function PendingEmail() {
  const pending = useQuery(pendingEmailQuery());
  const resend = useResendLink();
  const cancel = useCancelChange();
  // The button that had the focus may be gone.
  const message = useFocusOn<HTMLParagraphElement>(resend.isSuccess || cancel.isSuccess);
  const error = cancel.error ?? resend.error;
  return (
    <div>
      {error && <ErrorMessage error={error} />}
      {pending.data ? (
        <Waiting
          change={pending.data}
          onResend={() => !resend.isPending && resend.mutate()}
          onCancel={() => !cancel.isPending && cancel.mutate()}
          busy={resend.isPending || cancel.isPending}
        />
      ) : null}
      {(resend.isSuccess || cancel.isSuccess) && (
        <p ref={message} tabIndex={-1} role="status" className="notice notice-success">
          {cancel.isSuccess ? (
            <Trans>Your email address stays as it is.</Trans>
          ) : (
            <Trans>We have sent a new link to your new email address.</Trans>
          )}
        </p>
      )}
    </div>
  );
}

interface WaitingProps {
  change: PendingEmailChange;
  busy: boolean;
  onResend: () => void;
  onCancel: () => void;
}

function Waiting({ change, busy, onResend, onCancel }: WaitingProps) {
  const { t } = useLingui();
  return (
    <section className="notice notice-info" aria-label={t`New email address`}>
      <p>
        <Trans>
          <strong className="text-break">{change.email}</strong> is not confirmed yet. Open the link that we
          have sent to it by {shortDateTime(change.expires_local)}, {change.tz_label}.
        </Trans>
      </p>
      <div className="d-flex flex-wrap gap-2">
        <button type="button" className="btn btn-outline-primary" aria-disabled={busy} onClick={onResend}>
          <Trans>Send the link again</Trans>
        </button>
        <button type="button" className="btn btn-outline-danger" aria-disabled={busy} onClick={onCancel}>
          <Trans>Cancel the change</Trans>
        </button>
      </div>
    </section>
  );
}
