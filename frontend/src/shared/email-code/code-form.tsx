import { Trans, useLingui } from '@lingui/react/macro';
import * as z from 'zod/mini';
import { ErrorSummary } from '@/shared/forms/error-summary';
import { SubmitButton } from '@/shared/forms/submit-button';
import { useApiForm } from '@/shared/forms/use-api-form';
import { CodeField, codeRule } from './code-field';

interface CodeFormProps {
  /** Checks the code. Errors are shown in the form. */
  save: (values: { code: string }) => Promise<unknown>;
}

/** The form in which a user enters the code from the email. */
export function CodeForm({ save }: CodeFormProps) {
  const { t } = useLingui();
  const { form, submit } = useApiForm({
    schema: () => z.object({ code: codeRule() }),
    defaults: { code: '' },
    save,
  });
  return (
    <form onSubmit={submit} noValidate>
      <ErrorSummary state={form.formState} />
      <CodeField form={form} name="code" />
      <SubmitButton busy={form.formState.isSubmitting} busyLabel={t`Checking the code…`}>
        <Trans>Continue</Trans>
      </SubmitButton>
    </form>
  );
}
