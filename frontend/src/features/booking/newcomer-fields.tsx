import { useLingui } from '@lingui/react/macro';
import type { ComponentProps, ReactNode } from 'react';
import { isApiError } from '@/shared/api/api-error';
import { useClinic } from '@/shared/clinic/clinic-context';
import type { FormError } from '@/shared/forms/error-summary';
import { PlainField } from '@/shared/forms/plain-field';
import { errorText } from '@/shared/ui/error-text';
import { type Newcomer, readNewcomer, saveNewcomer } from './newcomer-draft';

interface NewcomerFieldsProps {
  errorAt: (name: string) => string | undefined;
}

/** Name and email address of a visitor, and the date of birth if the clinic asks for it. */
export function NewcomerFields({ errorAt }: NewcomerFieldsProps) {
  const { t } = useLingui();
  const { booking_rules } = useClinic();
  return (
    <>
      <Field name="first_name" label={t`First name`} autoComplete="given-name" errorAt={errorAt} />
      <Field name="last_name" label={t`Last name`} autoComplete="family-name" errorAt={errorAt} />
      <Field
        name="email"
        type="email"
        label={t`Email address`}
        hint={t`We will send a code to this address.`}
        autoComplete="email"
        errorAt={errorAt}
      />
      {booking_rules.ask_date_of_birth && (
        <Field
          name="date_of_birth"
          type="date"
          label={t`Date of birth`}
          autoComplete="bday"
          className="w-auto"
          errorAt={errorAt}
        />
      )}
    </>
  );
}

interface FieldProps extends NewcomerFieldsProps, Omit<ComponentProps<'input'>, 'name'> {
  name: keyof Newcomer;
  label: ReactNode;
  hint?: ReactNode;
}

/** Saved on every change, like the reason. */
function Field({ name, errorAt, ...field }: FieldProps) {
  return (
    <PlainField
      {...field}
      name={name}
      error={errorAt(name)}
      defaultValue={readNewcomer()[name]}
      onChange={(event) => saveNewcomer({ [name]: event.target.value })}
    />
  );
}

/** The errors of a code that the server refused to send. */
export function codeRequestErrors(error: Error): FormError[] {
  const address = isApiError(error) ? error.errors.email?.[0] : undefined;
  return [address ? { field: 'email', message: address } : { field: '', message: errorText(error) }];
}
