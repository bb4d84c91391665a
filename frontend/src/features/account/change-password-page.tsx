import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { Link } from 'react-router';
import * as z from 'zod/mini';
import { ErrorSummary } from '@/shared/forms/error-summary';
import { PasswordField } from '@/shared/forms/password-field';
import { secret } from '@/shared/forms/rules';
import { SubmitButton } from '@/shared/forms/submit-button';
import { useApiForm } from '@/shared/forms/use-api-form';
import { PageHeading } from '@/shared/ui/page-heading';
import { BackToDetails } from './back-to-details';
import { useChangePassword } from './change-password';
import { NewPasswordField } from './new-password-field';

export function ChangePasswordPage() {
  const [changed, setChanged] = useState(false);
  return (
    <div className="form-page">{changed ? <Changed /> : <Change onChanged={() => setChanged(true)} />}</div>
  );
}

function Change({ onChanged }: { onChanged: () => void }) {
  const { t } = useLingui();
  const change = useChangePassword();
  const { form, submit } = useApiForm({
    schema: () =>
      z.object({
        current_password: secret(t`Enter your current password`),
        new_password: secret(t`Choose a password`),
      }),
    defaults: { current_password: '', new_password: '' },
    save: async (values) => {
      await change.mutateAsync(values);
      onChanged();
    },
  });
  return (
    <>
      <PageHeading title={t`Change your password`} />
      <p>
        <Trans>
          You stay signed in on this device and are signed out on all others. See{' '}
          <Link to="/profile/sessions">your signed-in devices</Link>.
        </Trans>
      </p>
      <form onSubmit={submit} noValidate>
        <ErrorSummary state={form.formState} />
        <PasswordField
          form={form}
          name="current_password"
          autoComplete="current-password"
          label={t`Current password`}
        />
        <NewPasswordField form={form} name="new_password" />
        <SubmitButton busy={form.formState.isSubmitting} busyLabel={t`Saving…`}>
          <Trans>Save new password</Trans>
        </SubmitButton>
      </form>
    </>
  );
}

function Changed() {
  const { t } = useLingui();
  return (
    <>
      <PageHeading title={t`Your password has been changed`} />
      <p>
        <Trans>You are signed out on all other devices.</Trans>
      </p>
      <p className="mb-0">
        <BackToDetails />
      </p>
    </>
  );
}
