import { Trans, useLingui } from '@lingui/react/macro';
import * as z from 'zod/mini';
import type { User } from '@/shared/api/types';
import { ErrorSummary } from '@/shared/forms/error-summary';
import { required } from '@/shared/forms/rules';
import { SubmitButton } from '@/shared/forms/submit-button';
import { useApiForm } from '@/shared/forms/use-api-form';
import { PageHeading } from '@/shared/ui/page-heading';
import { CodeField } from './code-field';
import { useSignInWithCode } from './sign-in-with-code';

interface EnterCodeProps {
  challenge: string;
  onSignedIn: (user: Pick<User, 'role'>) => void;
  onRestart: () => void;
}

export function EnterCode({ challenge, onSignedIn, onRestart }: EnterCodeProps) {
  const { t } = useLingui();
  const send = useSignInWithCode();
  const { form, submit } = useApiForm({
    schema: () => z.object({ code: required(t`Enter the code from your authenticator app`) }),
    defaults: { code: '' },
    save: async ({ code }) => {
      const { user } = await send.mutateAsync({ challenge, code });
      onSignedIn(user);
    },
  });
  return (
    <>
      <PageHeading title={t`Enter your code`} />
      <form onSubmit={submit} noValidate>
        <ErrorSummary state={form.formState} />
        <CodeField
          form={form}
          name="code"
          hint={t`Enter the 6-digit code from your authenticator app. If you do not have your phone, enter a recovery code.`}
        />
        <SubmitButton busy={form.formState.isSubmitting} busyLabel={t`Signing in…`}>
          <Trans>Sign in</Trans>
        </SubmitButton>
      </form>
      <p className="mt-4 mb-0">
        <button type="button" className="btn btn-outline-primary" onClick={onRestart}>
          <Trans>Start again</Trans>
        </button>
      </p>
    </>
  );
}
