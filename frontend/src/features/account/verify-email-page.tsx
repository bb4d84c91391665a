import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import * as z from 'zod/mini';
import { ErrorSummary } from '@/shared/forms/error-summary';
import { SubmitButton } from '@/shared/forms/submit-button';
import { useApiForm } from '@/shared/forms/use-api-form';
import { PageHeading } from '@/shared/ui/page-heading';
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
  const { form, submit } = useApiForm({
    schema: () => z.object({}),
    defaults: {},
    save: async () => {
      await verify.mutateAsync({ token });
      onDone();
    },
  });
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
      <form onSubmit={submit} noValidate>
        <ErrorSummary state={form.formState} />
        <SubmitButton busy={form.formState.isSubmitting} busyLabel={t`Confirming…`}>
          <Trans>Confirm my email address</Trans>
        </SubmitButton>
      </form>
      {verify.isError && <NewLink />}
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
