import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import * as z from 'zod/mini';
import { ErrorSummary } from '@/shared/forms/error-summary';
import { secret } from '@/shared/forms/rules';
import { SubmitButton } from '@/shared/forms/submit-button';
import { useApiForm } from '@/shared/forms/use-api-form';
import { PageHeading } from '@/shared/ui/page-heading';
import { IncompleteLink } from './incomplete-link';
import { NewPasswordField } from './new-password-field';
import { useResetPassword } from './reset-password';

/** The page of the emailed password reset link. */
export function ResetPasswordPage() {
  const [params] = useSearchParams();
  const [done, setDone] = useState(false);
  return (
    <div className="form-page">
      {done ? <Done /> : <Choose token={params.get('token') ?? ''} onDone={() => setDone(true)} />}
    </div>
  );
}

function Choose({ token, onDone }: { token: string; onDone: () => void }) {
  const { t } = useLingui();
  const reset = useResetPassword();
  const { form, submit } = useApiForm({
    schema: () => z.object({ password: secret(t`Choose a password`) }),
    defaults: { password: '' },
    save: async ({ password }) => {
      await reset.mutateAsync({ token, password });
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
      <PageHeading title={t`Choose a new password`} />
      <p>
        <Trans>When you save your new password, you are signed out on all devices.</Trans>
      </p>
      <form onSubmit={submit} noValidate>
        <ErrorSummary state={form.formState} />
        <NewPasswordField form={form} name="password" />
        <SubmitButton busy={form.formState.isSubmitting} busyLabel={t`Saving…`}>
          <Trans>Save new password</Trans>
        </SubmitButton>
      </form>
      <NewLink />
    </>
  );
}

function NewLink() {
  return (
    <p className="mt-4 mb-0">
      <Link to="/forgot-password">
        <Trans>Get a new link</Trans>
      </Link>
    </p>
  );
}

function Done() {
  const { t } = useLingui();
  return (
    <>
      <PageHeading title={t`Your password has been changed`} />
      <p>
        <Link to="/sign-in">
          <Trans>Sign in with your new password</Trans>
        </Link>
      </p>
    </>
  );
}
