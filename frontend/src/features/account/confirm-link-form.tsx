import { Trans, useLingui } from '@lingui/react/macro';
import { type ReactNode, useEffect, useState } from 'react';
import { Link } from 'react-router';
import * as z from 'zod/mini';
import { isApiError } from '@/shared/api/api-error';
import { ErrorSummary } from '@/shared/forms/error-summary';
import { PasswordField } from '@/shared/forms/password-field';
import { SubmitButton } from '@/shared/forms/submit-button';
import { useApiForm } from '@/shared/forms/use-api-form';

/** The token of a link, and the password of its account on a device that is not signed in to it. */
export interface LinkConfirmation {
  token: string;
  password?: string;
}

interface ConfirmLinkFormProps {
  token: string;
  save: (confirmation: LinkConfirmation) => Promise<unknown>;
  /** The label of the button. */
  children: ReactNode;
}

/** The button of a page that confirms an email address. Asks for the password if the server needs it. */
export function ConfirmLinkForm({ token, save, children }: ConfirmLinkFormProps) {
  const { t } = useLingui();
  const [asksPassword, setAsksPassword] = useState(false);
  const { form, submit } = useApiForm({
    schema: () => z.object({ password: z.string() }),
    defaults: { password: '' },
    save: async ({ password }) => {
      try {
        await save(password ? { token, password } : { token });
      } catch (error) {
        // The first answer that a password is needed is no mistake of the user: show the field, not an error.
        if (asksPassword || !isApiError(error, 'password_required')) throw error;
        setAsksPassword(true);
      }
    },
  });
  useEffect(() => {
    if (asksPassword) form.setFocus('password');
  }, [asksPassword, form]);
  return (
    <form onSubmit={submit} noValidate>
      <ErrorSummary state={form.formState} />
      {asksPassword && (
        <>
          <PasswordField
            form={form}
            name="password"
            autoComplete="current-password"
            label={t`Your password`}
            hint={t`You are not signed in to this account on this device, so we need its password.`}
          />
          <p>
            <Trans>
              If you did not create this account, close this page. If you forgot your password,{' '}
              <Link to="/forgot-password">choose a new one</Link>.
            </Trans>
          </p>
        </>
      )}
      <SubmitButton busy={form.formState.isSubmitting} busyLabel={t`Confirming…`}>
        {children}
      </SubmitButton>
    </form>
  );
}
