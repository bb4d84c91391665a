import { Trans, useLingui } from '@lingui/react/macro';
import { type FormEvent, useRef, useState } from 'react';
import { isApiError } from '@/shared/api/api-error';
import { ErrorList, type FormError } from '@/shared/forms/error-summary';
import { PlainField } from '@/shared/forms/plain-field';
import { SubmitButton } from '@/shared/forms/submit-button';
import { useFormErrors } from '@/shared/forms/use-form-errors';
import { errorText } from '@/shared/ui/error-text';

const FIELD = 'code';

interface CodeFormProps {
  /** Checks the code. Errors are shown in the form. */
  save: (values: { code: string }) => Promise<unknown>;
}

/**
 * The form in which a user enters the code from the email. A step of a newcomer's booking, so it does without the
 * library for larger forms.
 */
export function CodeForm({ save }: CodeFormProps) {
  const { t } = useLingui();
  const input = useRef<HTMLInputElement>(null);
  const [isBusy, setBusy] = useState(false);
  const { errors, attempts, errorAt, show } = useFormErrors();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const code = input.current?.value.trim();
    if (isBusy) return;
    if (!code) return show([{ field: FIELD, message: t`Enter the code from the email` }]);
    setBusy(true);
    const refused = await save({ code }).then(() => [], codeErrors);
    setBusy(false);
    show(refused);
  };
  return (
    <form onSubmit={submit} noValidate>
      <ErrorList errors={errors} attempts={attempts} />
      <PlainField
        ref={input}
        name={FIELD}
        className="w-auto"
        label={t`Code`}
        hint={t`The code has 6 digits. It works for 10 minutes.`}
        error={errorAt(FIELD)}
        autoComplete="one-time-code"
        inputMode="numeric"
        maxLength={20}
      />
      <SubmitButton busy={isBusy} busyLabel={t`Checking the code…`}>
        <Trans>Continue</Trans>
      </SubmitButton>
    </form>
  );
}

/** The errors of a code that the server refused. Those of other fields appear in the summary only. */
function codeErrors(error: unknown): FormError[] {
  const { [FIELD]: ofCode, ...others } = isApiError(error) ? error.errors : {};
  const general = Object.values(others).flat().join(' ') || (ofCode ? '' : errorText(error));
  return [
    ...(ofCode ? [{ field: FIELD, message: ofCode.join(' ') }] : []),
    ...(general ? [{ field: '', message: general }] : []),
  ];
}
