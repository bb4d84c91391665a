import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import * as z from 'zod/mini';
import { CodeField, codeRule } from '@/shared/email-code/code-field';
import { CodeSent } from '@/shared/email-code/code-sent';
import { useRequestCode } from '@/shared/email-code/email-code';
import { ErrorSummary } from '@/shared/forms/error-summary';
import { secret } from '@/shared/forms/rules';
import { SubmitButton } from '@/shared/forms/submit-button';
import { useApiForm } from '@/shared/forms/use-api-form';
import { errorText } from '@/shared/ui/error-text';
import { PageHeading } from '@/shared/ui/page-heading';
import { useChangePassword } from './change-password';
import { NewPasswordField } from './new-password-field';

interface ChoosePasswordProps {
  email: string;
  onChosen: () => void;
}

/** Sets the first password of an account that signs in with codes. A code proves who is there. */
export function ChoosePassword({ email, onChosen }: ChoosePasswordProps) {
  const { t } = useLingui();
  const [sent, setSent] = useState(false);
  return (
    <>
      <PageHeading title={t`Choose a password`} page={sent ? 'new password' : 'email a code'} />
      {sent ? (
        <NewPassword email={email} onChosen={onChosen} />
      ) : (
        <SendCode email={email} onSent={() => setSent(true)} />
      )}
    </>
  );
}

function SendCode({ email, onSent }: { email: string; onSent: () => void }) {
  const { t } = useLingui();
  const { mutate, isPending, error } = useRequestCode();
  return (
    <>
      <p>
        <Trans>
          You sign in with a code that we email you. You can choose a password as well. First, we email a code
          to <strong className="text-break">{email}</strong>.
        </Trans>
      </p>
      {error && (
        <p role="alert" className="field-error">
          {errorText(error)}
        </p>
      )}
      <button
        type="button"
        className="btn btn-primary btn-lg"
        aria-busy={isPending || undefined}
        onClick={() => mutate(email, { onSuccess: onSent })}
      >
        {isPending ? t`Sending…` : t`Email me a code`}
      </button>
    </>
  );
}

function NewPassword({ email, onChosen }: ChoosePasswordProps) {
  const { t } = useLingui();
  const change = useChangePassword();
  const { form, submit } = useApiForm({
    schema: () =>
      z.object({
        code: codeRule(),
        new_password: secret(t`Choose a password`),
      }),
    defaults: { code: '', new_password: '' },
    save: async (values) => {
      await change.mutateAsync(values);
      onChosen();
    },
  });
  return (
    <form onSubmit={submit} noValidate>
      <ErrorSummary state={form.formState} />
      <CodeSent email={email} />
      <CodeField form={form} name="code" />
      <NewPasswordField form={form} name="new_password" />
      <SubmitButton busy={form.formState.isSubmitting} busyLabel={t`Saving…`}>
        <Trans>Save new password</Trans>
      </SubmitButton>
    </form>
  );
}
