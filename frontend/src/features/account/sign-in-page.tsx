import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { Link, useLocation, useNavigate, useSearchParams } from 'react-router';
import * as z from 'zod/mini';
import type { User } from '@/shared/api/types';
import { ErrorSummary } from '@/shared/forms/error-summary';
import { TextField } from '@/shared/forms/field';
import { PasswordField } from '@/shared/forms/password-field';
import { email, secret } from '@/shared/forms/rules';
import { SubmitButton } from '@/shared/forms/submit-button';
import { useApiForm } from '@/shared/forms/use-api-form';
import { returnPath } from '@/shared/paths/return-path';
import { PageHeading } from '@/shared/ui/page-heading';
import { homePath } from './home-path';
import { IdleNotice } from './idle-notice';
import { ReturnNotice } from './return-notice';
import { type RequiredSecondFactor, requiredSecondFactor } from './second-factor/required-second-factor';
import { SecondFactorStep } from './second-factor/second-factor-step';
import { useSignIn } from './sign-in';
import { SignInWithEmailCode } from './sign-in-with-email-code';

export function SignInPage() {
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const { pathname, state } = useLocation();
  // A booking passes on that a code from an email is not enough for the account.
  const [secondFactor, setSecondFactor] = useState<RequiredSecondFactor | null>(state?.secondFactor ?? null);
  const openHomePage = (user: Pick<User, 'role'>) =>
    navigate(returnPath(params) ?? homePath(user), { replace: true });
  const SignIn = pathname.endsWith('/code') ? SignInWithEmailCode : Password;
  return (
    <div className="form-page">
      {secondFactor ? (
        <SecondFactorStep
          required={secondFactor}
          onSignedIn={openHomePage}
          onRestart={() => setSecondFactor(null)}
        />
      ) : (
        <SignIn onSignedIn={openHomePage} onSecondFactor={setSecondFactor} />
      )}
    </div>
  );
}

interface PasswordProps {
  onSignedIn: (user: Pick<User, 'role'>) => void;
  onSecondFactor: (secondFactor: RequiredSecondFactor) => void;
}

function Password({ onSignedIn, onSecondFactor }: PasswordProps) {
  const { t } = useLingui();
  const [params] = useSearchParams();
  const signIn = useSignIn();
  const { form, submit } = useApiForm({
    schema: () =>
      z.object({
        email: email(),
        password: secret(t`Enter your password`),
      }),
    defaults: { email: '', password: '' },
    save: async (values) => {
      try {
        onSignedIn((await signIn.mutateAsync(values)).user);
      } catch (error) {
        const secondFactor = requiredSecondFactor(error);
        if (!secondFactor) throw error;
        onSecondFactor(secondFactor);
      }
    },
  });
  return (
    <>
      <PageHeading title={t`Sign in`} />
      <IdleNotice />
      <ReturnNotice />
      <form onSubmit={submit} noValidate>
        <ErrorSummary state={form.formState} />
        <TextField form={form} name="email" type="email" autoComplete="username" label={t`Email address`} />
        <PasswordField form={form} name="password" autoComplete="current-password" label={t`Password`} />
        <SubmitButton busy={form.formState.isSubmitting} busyLabel={t`Signing in…`}>
          <Trans>Sign in</Trans>
        </SubmitButton>
      </form>
      <p className="mt-4">
        <Link
          className="btn btn-outline-primary"
          to={{ pathname: '/sign-in/code', search: params.toString() }}
        >
          <Trans>Email me a code</Trans>
        </Link>
      </p>
      <p className="mb-0">
        <Link to="/forgot-password">
          <Trans>Forgotten your password?</Trans>
        </Link>
      </p>
      <hr className="my-4" />
      <p className="mb-0">
        <Trans>
          New here?{' '}
          <Link to={{ pathname: '/register', search: params.toString() }}>Register as a patient</Link>
        </Trans>
      </p>
    </>
  );
}
