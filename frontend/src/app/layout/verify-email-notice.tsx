import { Trans, useLingui } from '@lingui/react/macro';
import { Link, Outlet } from 'react-router';
import { useRequestVerification } from '@/features/account/verify-email';
import type { User } from '@/shared/api/types';
import { useUser } from '@/shared/session/get-user';
import { errorText } from '@/shared/ui/error-text';
import { EmailProblemNotice } from './email-problem-notice';

/** Shows patients above the page that their email address has a problem, or that it is not confirmed. */
export function WithVerifyEmailNotice() {
  const { data: user } = useUser();
  return (
    <>
      {user?.role === 'patient' && <EmailNotice user={user} />}
      <Outlet />
    </>
  );
}

function EmailNotice({ user }: { user: User }) {
  if (user.email_problem) return <EmailProblemNotice user={user} />;
  return user.email_verified_at ? null : <VerifyEmailNotice email={user.email} />;
}

function VerifyEmailNotice({ email }: { email: string }) {
  const { t } = useLingui();
  const request = useRequestVerification();
  return (
    <section className="notice notice-warning" aria-label={t`Your email address`}>
      <p>
        <Trans>
          Confirm your email address. Use the link that we sent to{' '}
          <strong className="text-break">{email}</strong>. Until then you can only book a few appointments.
        </Trans>
      </p>
      <div aria-live="polite">
        {request.isSuccess && (
          <p>
            <Trans>We have sent you a new link. It works for 3 days.</Trans>
          </p>
        )}
        {request.isError && <p>{errorText(request.error)}</p>}
      </div>
      <div className="d-flex flex-wrap align-items-center gap-3">
        {!request.isSuccess && (
          <button
            type="button"
            className="btn btn-outline-primary"
            aria-busy={request.isPending || undefined}
            onClick={() => !request.isPending && request.mutate()}
          >
            <Trans>Resend link</Trans>
          </button>
        )}
        <Link to="/profile/email">
          <Trans>Use another email address</Trans>
        </Link>
      </div>
    </section>
  );
}
