import { Trans, useLingui } from '@lingui/react/macro';
import { Link } from 'react-router';
import { useResumeEmails } from '@/features/account/resume-emails';
import type { User } from '@/shared/api/types';
import { errorText } from '@/shared/ui/error-text';

/** Asks to correct the email address, because emails to it are returned or reported as spam. */
export function EmailProblemNotice({ user }: { user: User }) {
  const { t } = useLingui();
  const resume = useResumeEmails();
  return (
    <section className="notice notice-warning" aria-label={t`Your email address`}>
      <p>
        {user.email_problem === 'complaint' ? (
          <Trans>
            An email from us to <strong className="text-break">{user.email}</strong> was reported as spam, so
            we have stopped sending emails to this address. You will not get confirmations or reminders.
          </Trans>
        ) : (
          <Trans>
            Our emails to <strong className="text-break">{user.email}</strong> were returned, so we have
            stopped sending emails to this address. You will not get confirmations or reminders.
          </Trans>
        )}
      </p>
      <div aria-live="polite">{resume.isError && <p>{errorText(resume.error)}</p>}</div>
      <div className="d-flex flex-wrap align-items-center gap-3">
        <Link className="btn btn-primary" to="/profile/email">
          <Trans>Change your email address</Trans>
        </Link>
        {user.email_verified_at && (
          <button
            type="button"
            className="btn btn-outline-primary"
            aria-busy={resume.isPending || undefined}
            onClick={() => !resume.isPending && resume.mutate()}
          >
            <Trans>This address works: send me emails again</Trans>
          </button>
        )}
      </div>
    </section>
  );
}
