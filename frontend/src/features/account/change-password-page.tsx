import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { Link } from 'react-router';
import * as z from 'zod/mini';
import { ErrorSummary } from '@/shared/forms/error-summary';
import { PasswordField } from '@/shared/forms/password-field';
import { secret } from '@/shared/forms/rules';
import { SubmitButton } from '@/shared/forms/submit-button';
import { useApiForm } from '@/shared/forms/use-api-form';
import { useUser } from '@/shared/session/get-user';
import { PageHeading } from '@/shared/ui/page-heading';
import { QueryView } from '@/shared/ui/query-view';
import { BackToDetails } from './back-to-details';
import { useChangePassword } from './change-password';
import { ChoosePassword } from './choose-password';
import { NewPasswordField } from './new-password-field';

export function ChangePasswordPage() {
  const { t } = useLingui();
  const [changed, setChanged] = useState(false);
  const account = useUser();
  return (
    <div className="form-page">
      {changed ? (
        <Changed />
      ) : (
        <QueryView page query={account} loading={t`Loading your details…`}>
          {(user) =>
            user.has_password ? (
              <Change onChanged={() => setChanged(true)} />
            ) : (
              <ChoosePassword email={user.email} onChosen={() => setChanged(true)} />
            )
          }
        </QueryView>
      )}
    </div>
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
