import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import * as z from 'zod/mini';
import type { User } from '@/shared/api/types';
import { ErrorSummary } from '@/shared/forms/error-summary';
import { TextField } from '@/shared/forms/field';
import { PasswordField } from '@/shared/forms/password-field';
import { required, secret } from '@/shared/forms/rules';
import { SubmitButton } from '@/shared/forms/submit-button';
import { useApiForm } from '@/shared/forms/use-api-form';
import { useUser } from '@/shared/session/get-user';
import { PageHeading } from '@/shared/ui/page-heading';
import { QueryView } from '@/shared/ui/query-view';
import { BackToDetails } from './back-to-details';
import { useChangeEmail } from './change-email';
import { PasswordNeeded } from './password-needed';
import { PendingEmail } from './pending-email';

export function ChangeEmailPage() {
  const { t } = useLingui();
  const [sentTo, setSentTo] = useState('');
  return (
    <div className="form-page">
      <QueryView page query={useUser()} loading={t`Loading your details…`}>
        {(user) =>
          sentTo ? (
            <CheckEmail address={sentTo} user={user} onAgain={() => setSentTo('')} />
          ) : (
            <Change user={user} onSent={setSentTo} />
          )
        }
      </QueryView>
    </div>
  );
}

function Change({ user, onSent }: { user: User; onSent: (email: string) => void }) {
  const { t } = useLingui();
  const change = useChangeEmail();
  const { form, submit } = useApiForm({
    schema: () =>
      z.object({
        email: required(t`Enter your new email address`),
        password: secret(t`Enter your password`),
      }),
    defaults: { email: '', password: '' },
    save: async (values) => {
      await change.mutateAsync(values);
      onSent(values.email);
    },
  });
  return (
    <>
      <PageHeading title={t`Change your email address`} />
      <p>
        <Trans>
          Your email address is <strong className="text-break">{user.email}</strong>. You sign in with it, and
          we send our messages to it.
        </Trans>
      </p>
      <PendingEmail />
      <PasswordNeeded />
      <form onSubmit={submit} noValidate>
        <ErrorSummary state={form.formState} />
        <TextField form={form} name="email" type="email" autoComplete="email" label={t`New email address`} />
        <PasswordField form={form} name="password" autoComplete="current-password" label={t`Your password`} />
        <SubmitButton busy={form.formState.isSubmitting} busyLabel={t`Sending…`}>
          <Trans>Send me a link</Trans>
        </SubmitButton>
      </form>
      <p className="mt-4 mb-0">
        <BackToDetails />
      </p>
    </>
  );
}

interface CheckEmailProps {
  address: string;
  user: User;
  onAgain: () => void;
}

function CheckEmail({ address, user, onAgain }: CheckEmailProps) {
  const { t } = useLingui();
  return (
    <>
      <PageHeading title={t`Check your new email address`} />
      <p>
        <Trans>
          We have sent a link to <strong className="text-break">{address}</strong>. Open it within 3 days to
          change your email address.
        </Trans>
      </p>
      <p>
        <Trans>
          Until then you sign in with <strong className="text-break">{user.email}</strong>. When the address
          changes, you are signed out on all devices.
        </Trans>
      </p>
      <p>
        <Trans>If there is no email, check your spam folder.</Trans>
      </p>
      <p>
        <button type="button" className="btn btn-outline-primary" onClick={onAgain}>
          <Trans>Use another email address</Trans>
        </button>
      </p>
      <p className="mb-0">
        <BackToDetails />
      </p>
    </>
  );
}
