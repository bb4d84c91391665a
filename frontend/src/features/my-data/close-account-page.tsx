import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { Link, Navigate, useLocation } from 'react-router';
import * as z from 'zod/mini';
import { ErrorSummary } from '@/shared/forms/error-summary';
import { PasswordField } from '@/shared/forms/password-field';
import { secret } from '@/shared/forms/rules';
import { SubmitButton } from '@/shared/forms/submit-button';
import { useApiForm } from '@/shared/forms/use-api-form';
import { signInPath } from '@/shared/paths/return-path';
import { useUser } from '@/shared/session/get-user';
import { RequirePatient } from '@/shared/session/require-patient';
import { useSignedIn } from '@/shared/session/use-session';
import { PageHeading } from '@/shared/ui/page-heading';
import { AccountClosed } from './account-closed';
import { useCloseAccount } from './close-account';

export function CloseAccountPage() {
  const location = useLocation();
  const signedIn = useSignedIn();
  const [closed, setClosed] = useState(false);
  if (closed) return <AccountClosed />;
  if (!signedIn) return <Navigate replace to={signInPath(location)} />;
  return <RequirePatient>{() => <CloseAccount onClosed={() => setClosed(true)} />}</RequirePatient>;
}

function CloseAccount({ onClosed }: { onClosed: () => void }) {
  const { t } = useLingui();
  const close = useCloseAccount();
  const { data: user } = useUser();
  const { form, submit } = useApiForm({
    schema: () => z.object({ password: secret(t`Enter your password`) }),
    defaults: { password: '' },
    save: async (values) => {
      await close.mutateAsync(values);
      onClosed();
    },
  });
  return (
    <div className="form-page">
      <PageHeading title={t`Close your account`} />
      <form onSubmit={submit} noValidate>
        <ErrorSummary state={form.formState} />
        <Consequences />
        {user?.has_password === false && (
          <p className="notice">
            <Trans>
              Your account has no password yet. <Link to="/profile/password">Choose a password</Link> first.
            </Trans>
          </p>
        )}
        <PasswordField
          form={form}
          name="password"
          autoComplete="current-password"
          label={t`Your password`}
          hint={t`This is to check that it is you.`}
        />
        <SubmitButton danger busy={form.formState.isSubmitting} busyLabel={t`Closing…`}>
          <Trans>Close my account permanently</Trans>
        </SubmitButton>
      </form>
      <p className="mt-4 mb-0">
        <Link to="/profile/data">
          <Trans>Keep my account</Trans>
        </Link>
      </p>
    </div>
  );
}

function Consequences() {
  return (
    <ul>
      <li>
        <Trans>We will cancel your upcoming appointments.</Trans>
      </li>
      <li>
        <Trans>
          We will delete your name, contact details and health information. We will also delete the details of
          people you care for, unless someone else cares for them too.
        </Trans>
      </li>
      <li>
        <Trans>We keep the date, time and doctor of your past appointments, without your name.</Trans>
      </li>
      <li>
        <Trans>You cannot undo this. You can register again at any time.</Trans>
      </li>
    </ul>
  );
}
