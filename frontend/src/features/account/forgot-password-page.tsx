import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { Link } from 'react-router';
import * as z from 'zod/mini';
import { CallTheClinic } from '@/shared/clinic/clinic-phone';
import { ErrorSummary } from '@/shared/forms/error-summary';
import { TextField } from '@/shared/forms/field';
import { email } from '@/shared/forms/rules';
import { SubmitButton } from '@/shared/forms/submit-button';
import { useApiForm } from '@/shared/forms/use-api-form';
import { PageHeading } from '@/shared/ui/page-heading';
import { useRequestPasswordReset } from './request-password-reset';

export function ForgotPasswordPage() {
  const [requestedFor, setRequestedFor] = useState('');
  return (
    <div className="form-page">
      {requestedFor ? (
        <CheckYourEmail address={requestedFor} />
      ) : (
        <RequestLink onRequested={setRequestedFor} />
      )}
    </div>
  );
}

function RequestLink({ onRequested }: { onRequested: (address: string) => void }) {
  const { t } = useLingui();
  const request = useRequestPasswordReset();
  const { form, submit } = useApiForm({
    schema: () => z.object({ email: email() }),
    defaults: { email: '' },
    save: async (values) => {
      await request.mutateAsync(values);
      onRequested(values.email);
    },
  });
  return (
    <>
      <PageHeading title={t`Forgotten your password?`} />
      <p>
        <Trans>We will email you a link. Use it to choose a new password.</Trans>
      </p>
      <form onSubmit={submit} noValidate>
        <ErrorSummary state={form.formState} />
        <TextField form={form} name="email" type="email" autoComplete="username" label={t`Email address`} />
        <SubmitButton busy={form.formState.isSubmitting} busyLabel={t`Sending…`}>
          <Trans>Send link</Trans>
        </SubmitButton>
      </form>
      <p className="mt-4 mb-0">
        <Link to="/sign-in">
          <Trans>Back to sign in</Trans>
        </Link>
      </p>
    </>
  );
}

/** Shown whether or not the account exists, so that nobody can find out who has one. */
function CheckYourEmail({ address }: { address: string }) {
  const { t } = useLingui();
  return (
    <>
      <PageHeading title={t`Check your email`} />
      <p>
        <Trans>
          If there is an account for <strong className="text-break">{address}</strong>, we have sent a link to
          it. The link works once. It expires after 1 hour.
        </Trans>
      </p>
      <p>
        <Trans>If the email does not arrive within a few minutes, check your spam folder.</Trans>
      </p>
      <CallTheClinic />
    </>
  );
}
