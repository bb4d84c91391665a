import { Trans, useLingui } from '@lingui/react/macro';
import { Outlet } from 'react-router';
import { useRequestVerification } from '@/features/account/verify-email';
import { useUser } from '@/shared/session/get-user';
import { errorText } from '@/shared/ui/error-text';

/** Shows patients with an unconfirmed email address a reminder above the page. */
export function WithVerifyEmailNotice() {
  const { data: user } = useUser();
  return (
    <>
      {user?.role === 'patient' && !user.email_verified_at && <VerifyEmailNotice email={user.email} />}
      <Outlet />
    </>
  );
}

function VerifyEmailNotice({ email }: { email: string }) {
  const { t } = useLingui();
  const request = useRequestVerification();
  return (
    <section className="notice notice-warning" aria-label={t`Your e-mail address`}>
      <p>
        <Trans>
          Please confirm your e-mail address: follow the link that we sent to{' '}
          <strong className="text-break">{email}</strong>. You can book all the same.
        </Trans>
      </p>
      <div aria-live="polite">
        {request.isSuccess && (
          <p className="mb-0">
            <Trans>A new link is on its way. It is good for three days.</Trans>
          </p>
        )}
        {request.isError && <p>{errorText(request.error)}</p>}
      </div>
      {!request.isSuccess && (
        <button
          type="button"
          className="btn btn-outline-primary"
          aria-busy={request.isPending || undefined}
          onClick={() => !request.isPending && request.mutate()}
        >
          <Trans>Send the link again</Trans>
        </button>
      )}
    </section>
  );
}
