import { Trans, useLingui } from '@lingui/react/macro';
import * as z from 'zod/mini';
import type { User } from '@/shared/api/types';
import { ErrorSummary } from '@/shared/forms/error-summary';
import { required } from '@/shared/forms/rules';
import { SubmitButton } from '@/shared/forms/submit-button';
import { useApiForm } from '@/shared/forms/use-api-form';
import { PageHeading } from '@/shared/ui/page-heading';
import { CodeField } from './code-field';
import { useSendCode } from './sign-in-with-code';

interface CodeStepProps {
  challenge: string;
  onIn: (user: Pick<User, 'role'>) => void;
  onAgain: () => void;
}

export function CodeStep({ challenge, onIn, onAgain }: CodeStepProps) {
  const { t } = useLingui();
  const send = useSendCode();
  const { form, submit } = useApiForm({
    schema: () => z.object({ code: required(t`Enter the code of your authenticator app`) }),
    defaults: { code: '' },
    save: async ({ code }) => {
      const { user } = await send.mutateAsync({ challenge, code });
      onIn(user);
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
          hint={t`The six digits that your authenticator app shows. If you have lost your phone, one of your recovery codes.`}
        />
        <SubmitButton busy={form.formState.isSubmitting} working={t`Signing in…`}>
          <Trans>Sign in</Trans>
        </SubmitButton>
      </form>
      <p className="mt-4 mb-0">
        <button type="button" className="btn btn-outline-primary" onClick={onAgain}>
          <Trans>Start again with your password</Trans>
        </button>
      </p>
    </>
  );
}
