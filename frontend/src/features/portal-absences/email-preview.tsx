import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { QueryView } from '@/shared/ui/query-view';
import { type EmailRequest, emailQuery } from './absences';

/** A preview of the email to a patient. It is loaded when it is opened. */
export function EmailPreview({ booking, reason, onlyMessage }: EmailRequest) {
  const { t } = useLingui();
  const [open, setOpen] = useState(false);
  // The email is updated with low priority, so that typing stays smooth.
  const shown = useDeferredValue(reason);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {onlyMessage ? (
          <Trans>Preview the email</Trans>
        ) : (
          <Trans>Preview the email about a cancellation</Trans>
        )}
      </summary>
      {open && (
        <Email booking={booking} reason={shown} onlyMessage={onlyMessage} loading={t`Loading the email…`} />
      )}
    </details>
  );
}

function Email({ loading, ...request }: EmailRequest & { loading: string }) {
  return (
    <QueryView query={useQuery(emailQuery(request))} loading={loading}>
      {({ subject, text }) =>
        text ? (
          <div className="absence-email">
            <p className="fw-semibold">{subject}</p>
            <pre>{text}</pre>
            {!request.onlyMessage && (
              <p className="form-text mb-0">
                <Trans>
                  The email about a moved appointment gives the same reason, with the old and new times.
                </Trans>
              </p>
            )}
          </div>
        ) : (
          <p>
            <Trans>This patient has no account, so we cannot send an email.</Trans>
          </p>
        )
      }
    </QueryView>
  );
}
