import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { isApiError } from '@/shared/api/api-error';
import { PageHeading } from '@/shared/ui/page-heading';
import { useConfirmEmail } from './confirm-email';
import { ConfirmLinkForm, type LinkConfirmation } from './confirm-link-form';
import { IncompleteLink } from './incomplete-link';

/** The page of the link to a new email address. It needs a click, because mail scanners open links too. */
export function ConfirmEmailPage() {
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
  const confirm = useConfirmEmail();
  const save = async (confirmation: LinkConfirmation) => {
    await confirm.mutateAsync(confirmation);
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
      <PageHeading title={t`Confirm your new email address`} />
      <p>
        <Trans>
          After that, you sign in with your new address, and we send our messages to it. You are signed out on
          all devices.
        </Trans>
      </p>
      <ConfirmLinkForm token={token} save={save}>
        <Trans>Confirm my new email address</Trans>
      </ConfirmLinkForm>
      {isApiError(confirm.error, 'link_over') && <NewLink />}
    </>
  );
}

function NewLink() {
  return (
    <p className="mt-4 mb-0">
      <Trans>
        To get a new link, sign in and <Link to="/profile/email">change your email address</Link> again.
      </Trans>
    </p>
  );
}

function Done() {
  const { t } = useLingui();
  return (
    <>
      <PageHeading title={t`Your email address is changed`} />
      <p>
        <Trans>You are signed out on all devices. Sign in with your new email address.</Trans>
      </p>
      <p className="mb-0">
        <Link className="btn btn-primary btn-lg" to="/sign-in">
          <Trans>Sign in</Trans>
        </Link>
      </p>
    </>
  );
}
