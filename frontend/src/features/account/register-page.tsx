import { Trans, useLingui } from '@lingui/react/macro';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { ErrorSummary } from '@/shared/forms/error-summary';
import { TextField } from '@/shared/forms/field';
import { PasswordField } from '@/shared/forms/password-field';
import { SubmitButton } from '@/shared/forms/submit-button';
import { useApiForm } from '@/shared/forms/use-api-form';
import { returnPath } from '@/shared/paths/return-path';
import { PageHeading } from '@/shared/ui/page-heading';
import { homePath } from './home-path';
import { useRegister } from './register';
import { EMPTY_REGISTRATION, registrationSchema } from './registration-schema';
import { ReturnNotice } from './return-notice';

export function RegisterPage() {
  const { t } = useLingui();
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const register = useRegister();
  const { form, submit } = useApiForm({
    schema: registrationSchema,
    defaults: EMPTY_REGISTRATION,
    save: async (values) => {
      const { user } = await register.mutateAsync(values);
      navigate(returnPath(params) ?? homePath(user), { replace: true });
    },
  });
  return (
    <div className="form-page">
      <PageHeading title={t`Register as a patient`} />
      <ReturnNotice />
      <p>
        <Trans>
          Already registered? <Link to={{ pathname: '/sign-in', search: params.toString() }}>Sign in</Link>
        </Trans>
      </p>
      <form onSubmit={submit} noValidate>
        <ErrorSummary state={form.formState} />
        <TextField form={form} name="first_name" autoComplete="given-name" label={t`First name`} />
        <TextField form={form} name="last_name" autoComplete="family-name" label={t`Last name`} />
        <TextField
          form={form}
          name="email"
          type="email"
          autoComplete="email"
          label={t`Email address`}
          hint={t`We will send your appointment confirmation to this address.`}
        />
        <TextField form={form} name="phone" type="tel" autoComplete="tel" label={t`Phone number`} optional />
        <TextField
          form={form}
          name="date_of_birth"
          type="date"
          autoComplete="bday"
          className="w-auto"
          label={t`Date of birth`}
          optional
        />
        <PasswordField
          form={form}
          name="password"
          autoComplete="new-password"
          label={t`Choose a password`}
          hint={t`At least 10 characters. Three or more random words are strong and easy to remember.`}
        />
        <SubmitButton busy={form.formState.isSubmitting} busyLabel={t`Registering…`}>
          <Trans>Register</Trans>
        </SubmitButton>
      </form>
    </div>
  );
}
