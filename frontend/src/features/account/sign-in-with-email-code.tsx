import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import * as z from 'zod/mini';
import type { User } from '@/shared/api/types';
import { useClinic } from '@/shared/clinic/clinic-context';
import { CodeForm } from '@/shared/email-code/code-form';
import { CodeSent } from '@/shared/email-code/code-sent';
import { needsDetails, useRequestCode, useSignInWithEmailCode } from '@/shared/email-code/email-code';
import { ErrorSummary } from '@/shared/forms/error-summary';
import { TextField } from '@/shared/forms/field';
import { email as emailRule, optional, required } from '@/shared/forms/rules';
import { SubmitButton } from '@/shared/forms/submit-button';
import { useApiForm } from '@/shared/forms/use-api-form';
import { PageHeading } from '@/shared/ui/page-heading';
import { ReturnNotice } from './return-notice';
import { type RequiredSecondFactor, requiredSecondFactor } from './second-factor/required-second-factor';

interface SignInWithEmailCodeProps {
  onSignedIn: (user: Pick<User, 'role'>) => void;
  onSecondFactor: (secondFactor: RequiredSecondFactor) => void;
}

/** Signs in with a code sent by email. Visitors without an account enter their name and are registered. */
export function SignInWithEmailCode(props: SignInWithEmailCodeProps) {
  const [email, setEmail] = useState('');
  const [code, setCode] = useState('');
  if (code) return <NewPatient code={code} {...props} />;
  if (!email) return <RequestCode onSent={setEmail} />;
  return (
    <EnterEmailCode {...props} email={email} onDetailsNeeded={setCode} onOtherAddress={() => setEmail('')} />
  );
}

function RequestCode({ onSent }: { onSent: (email: string) => void }) {
  const { t } = useLingui();
  const [params] = useSearchParams();
  const request = useRequestCode();
  const { form, submit } = useApiForm({
    schema: () => z.object({ email: emailRule() }),
    defaults: { email: '' },
    save: async ({ email }) => {
      await request.mutateAsync(email);
      onSent(email);
    },
  });
  return (
    <>
      <PageHeading title={t`Sign in with a code`} />
      <ReturnNotice />
      <p>
        <Trans>We email you a code. You do not need a password.</Trans>
      </p>
      <form onSubmit={submit} noValidate>
        <ErrorSummary state={form.formState} />
        <TextField form={form} name="email" type="email" autoComplete="username" label={t`Email address`} />
        <SubmitButton busy={form.formState.isSubmitting} busyLabel={t`Sending…`}>
          <Trans>Email me a code</Trans>
        </SubmitButton>
      </form>
      <p className="mt-4 mb-0">
        <Link to={{ pathname: '/sign-in', search: params.toString() }}>
          <Trans>Sign in with a password</Trans>
        </Link>
      </p>
    </>
  );
}

interface EnterEmailCodeProps extends SignInWithEmailCodeProps {
  email: string;
  onDetailsNeeded: (code: string) => void;
  onOtherAddress: () => void;
}

function EnterEmailCode(props: EnterEmailCodeProps) {
  const { email, onSignedIn, onSecondFactor, onDetailsNeeded, onOtherAddress } = props;
  const { t } = useLingui();
  const signIn = useSignInWithEmailCode();
  const enter = async ({ code }: { code: string }) => {
    try {
      onSignedIn((await signIn.mutateAsync({ code })).user);
    } catch (error) {
      const secondFactor = requiredSecondFactor(error);
      if (secondFactor) onSecondFactor(secondFactor);
      else if (needsDetails(error)) onDetailsNeeded(code);
      else throw error;
    }
  };
  return (
    <>
      <PageHeading title={t`Enter the code`} />
      <CodeSent email={email} />
      <CodeForm save={enter} />
      <p className="mt-4 mb-0">
        <button type="button" className="btn btn-outline-primary" onClick={onOtherAddress}>
          <Trans>Send a new code</Trans>
        </button>
      </p>
    </>
  );
}

/** The code is correct, and no account has the address. */
function NewPatient({ code, onSignedIn }: SignInWithEmailCodeProps & { code: string }) {
  const { t } = useLingui();
  const { booking_rules } = useClinic();
  const signIn = useSignInWithEmailCode();
  const asksBirth = booking_rules.ask_date_of_birth;
  const { form, submit } = useApiForm({
    schema: () =>
      z.object({
        first_name: required(t`Enter your first name`),
        last_name: required(t`Enter your last name`),
        date_of_birth: asksBirth ? required(t`Enter your date of birth`) : optional(),
      }),
    defaults: { first_name: '', last_name: '', date_of_birth: '' },
    save: async ({ date_of_birth, ...names }) => {
      const birth = { ...(date_of_birth && { date_of_birth }) };
      onSignedIn((await signIn.mutateAsync({ code, ...names, ...birth })).user);
    },
  });
  return (
    <>
      <PageHeading title={t`Register as a patient`} />
      <p>
        <Trans>There is no account with this email address yet. Enter your name to register.</Trans>
      </p>
      <form onSubmit={submit} noValidate>
        <ErrorSummary state={form.formState} />
        <TextField form={form} name="first_name" autoComplete="given-name" label={t`First name`} />
        <TextField form={form} name="last_name" autoComplete="family-name" label={t`Last name`} />
        {asksBirth && (
          <TextField
            form={form}
            name="date_of_birth"
            type="date"
            autoComplete="bday"
            className="w-auto"
            label={t`Date of birth`}
          />
        )}
        <SubmitButton busy={form.formState.isSubmitting} busyLabel={t`Registering…`}>
          <Trans>Register</Trans>
        </SubmitButton>
      </form>
    </>
  );
}
