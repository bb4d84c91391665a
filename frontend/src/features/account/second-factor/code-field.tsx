import { useLingui } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import type { FieldValues, Path, UseFormReturn } from 'react-hook-form';
import { TextField } from '@/shared/forms/field';

interface CodeFieldProps<T extends FieldValues> {
  form: UseFormReturn<T>;
  name: Path<T>;
  hint?: ReactNode;
}

export function CodeField<T extends FieldValues>({ form, name, hint }: CodeFieldProps<T>) {
  const { t } = useLingui();
  return (
    <TextField
      form={form}
      name={name}
      label={t`Code`}
      hint={hint}
      autoComplete="one-time-code"
      autoCapitalize="none"
      spellCheck={false}
      maxLength={32}
    />
  );
}
