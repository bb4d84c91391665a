import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { isApiError } from '@/shared/api/api-error';
import { PageHeading } from '@/shared/ui/page-heading';
import { ConfirmLinkForm, type LinkConfirmation } from './confirm-link-form';
import { IncompleteLink } from './incomplete-link';
import { useVerifyEmail } from './verify-email';

/** The page of the emailed confirmation link. It needs a click, because mail scanners open links too. */
export function VerifyEmailPage() {
  const [params] = useSearchParams();
  const [done, setDone] = useState(false);
  return (
    <div className="form-page">
      {done ? <Done /> : <Confirm token={params.get('token') ?? ''} onDone={() => setDone(true)} />}
    </div>
  );
}

function Confirm({ token, onDone }: { token: string; onDone: () => void }) {
  const { t } = useLingui();
  const verify = useVerifyEmail();
  const save = async (confirmation: LinkConfirmation) => {
    await verify.mutateAsync(confirmation);
    onDone();
  };
  if (!token)
    return (
      <IncompleteLink>
        <NewLink />
      </IncompleteLink>
    );
  return (
    <>
      <PageHeading title={t`Confirm your email address`} />
      <p>
        <Trans>
          We use this address to send you messages about your appointments. Only confirm it if you registered
          here yourself.
        </Trans>
      </p>
      <ConfirmLinkForm token={token} save={save}>
        <Trans>Confirm my email address</Trans>
      </ConfirmLinkForm>
      {isApiError(verify.error, 'link_over') && <NewLink />}
    </>
  );
}

function NewLink() {
  return (
    <p className="mt-4 mb-0">
      <Trans>
        You can get a new link on the <Link to="/profile">My details</Link> page.
      </Trans>
    </p>
  );
}

function Done() {
  const { t } = useLingui();
  return (
    <>
      <PageHeading title={t`Your email address is confirmed`} />
      <p className="mb-0">
        <Link to="/appointments">
          <Trans>Go to my appointments</Trans>
        </Link>
      </p>
    </>
  );
}
