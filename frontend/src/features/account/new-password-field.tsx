import { useLingui } from '@lingui/react/macro';
import type { FieldValues, Path, UseFormReturn } from 'react-hook-form';
import { PasswordField } from '@/shared/forms/password-field';

interface NewPasswordFieldProps<T extends FieldValues> {
  form: UseFormReturn<T>;
  name: Path<T>;
}

export function NewPasswordField<T extends FieldValues>({ form, name }: NewPasswordFieldProps<T>) {
  const { t } = useLingui();
  return (
    <PasswordField
      form={form}
      name={name}
      autoComplete="new-password"
      label={t`Choose a new password`}
      hint={t`At least 10 characters. Three or more random words are strong and easy to remember.`}
    />
  );
}
