import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { QueryView } from '@/shared/ui/query-view';
import { type EmailRequest, emailQuery } from './absences';

/** The email that a patient would get. It is only read once it is opened. */
export function EmailPreview({ booking, reason, onlyMessage }: EmailRequest) {
  const { t } = useLingui();
  const [open, setOpen] = useState(false);
  // Typing stays smooth: the email follows when there is time.
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
                <Trans>The email about a new time says the same reason, with the old and the new time.</Trans>
              </p>
            )}
          </div>
        ) : (
          <p>
            <Trans>This patient has no account, so nobody gets an email.</Trans>
          </p>
        )
      }
    </QueryView>
  );
}
