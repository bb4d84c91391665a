import { t } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';
import type { FieldValues, Path, UseFormReturn } from 'react-hook-form';
import { TextField } from '@/shared/forms/field';
import { required } from '@/shared/forms/rules';

/** The rule for the value of `CodeField`. */
export const codeRule = () => required(t`Enter the code from the email`);

interface CodeFieldProps<T extends FieldValues> {
  form: UseFormReturn<T>;
  name: Path<T>;
}

export function CodeField<T extends FieldValues>({ form, name }: CodeFieldProps<T>) {
  const { t } = useLingui();
  return (
    <TextField
      form={form}
      name={name}
      className="w-auto"
      label={t`Code`}
      hint={t`The code has 6 digits. It works for 10 minutes.`}
      autoComplete="one-time-code"
      inputMode="numeric"
      maxLength={20}
    />
  );
}
