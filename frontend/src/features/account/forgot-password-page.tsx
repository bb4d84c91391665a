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
    schema: () => z.object({ email: email(t`Enter your e-mail address, like name@example.com`) }),
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
        <Trans>We send you a link with which you choose a new one.</Trans>
      </p>
      <form onSubmit={submit} noValidate>
        <ErrorSummary state={form.formState} />
        <TextField form={form} name="email" type="email" autoComplete="username" label={t`E-mail address`} />
        <SubmitButton busy={form.formState.isSubmitting} busyLabel={t`Sending…`}>
          <Trans>Send the link</Trans>
        </SubmitButton>
      </form>
      <p className="mt-4 mb-0">
        <Link to="/sign-in">
          <Trans>Back to signing in</Trans>
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
      <PageHeading title={t`Check your e-mail`} />
      <p>
        <Trans>
          If there is an account for <strong className="text-break">{address}</strong>, a link is on its way.
          It works once, within an hour.
        </Trans>
      </p>
      <p>
        <Trans>Nothing there after some minutes? Look among unwanted mail too.</Trans>
      </p>
      <CallTheClinic />
    </>
  );
}
