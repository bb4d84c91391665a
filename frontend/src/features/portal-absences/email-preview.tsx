import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { QueryView } from '@/shared/ui/query-view';
import { type EmailRequest, emailQuery } from './absences';

interface EmailPreviewProps extends EmailRequest {
  /** The name of a patient who gets a text message only. */
  texted?: string;
}

/** A preview of the messages to a patient. They are loaded when it is opened. */
export function EmailPreview({ booking, reason, onlyMessage, texted }: EmailPreviewProps) {
  const { t } = useLingui();
  const [open, setOpen] = useState(false);
  // The messages are updated with low priority, so that typing stays smooth.
  const shown = useDeferredValue(reason);
  const label = onlyMessage ? t`Preview the message` : t`Preview the message about a cancellation`;
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{texted ? t`Preview the text message to ${texted}` : label}</summary>
      {open && (
        <Messages
          booking={booking}
          reason={shown}
          onlyMessage={onlyMessage}
          loading={t`Loading the message…`}
        />
      )}
    </details>
  );
}

function Messages({ loading, ...request }: EmailRequest & { loading: string }) {
  return (
    <QueryView query={useQuery(emailQuery(request))} loading={loading}>
      {({ subject, text, sms }) => (
        <>
          {text && (
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
          )}
          {sms && (
            <div className="absence-email">
              <p className="fw-semibold">
                <Trans>Text message</Trans>
              </p>
              <p className="mb-0">{sms}</p>
            </div>
          )}
          {!text && !sms && (
            <p>
              <Trans>This patient has no account, so we cannot send a message.</Trans>
            </p>
          )}
        </>
      )}
    </QueryView>
  );
}
