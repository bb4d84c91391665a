import { useLingui } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import type { UseFormReturn } from 'react-hook-form';
import { TextArea, TextField } from '@/shared/forms/field';
import type { PersonForm } from './person-form';

interface FieldsProps {
  form: UseFormReturn<PersonForm>;
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset className="form-section">
      <legend>{title}</legend>
      {children}
    </fieldset>
  );
}

/** Autofill is off: the browser knows the user's details, not the dependant's. */
export function PersonFields({ form }: FieldsProps) {
  const { t } = useLingui();
  return (
    <>
      <Section title={t`About them`}>
        <TextField form={form} name="first_name" autoComplete="off" label={t`First name`} />
        <TextField form={form} name="last_name" autoComplete="off" label={t`Last name`} />
        <TextField
          form={form}
          name="date_of_birth"
          type="date"
          autoComplete="off"
          className="w-auto"
          label={t`Date of birth`}
          optional
        />
      </Section>
      <Section title={t`Contact details`}>
        <TextField form={form} name="phone" type="tel" autoComplete="off" label={t`Phone number`} optional />
        <TextArea form={form} name="address" autoComplete="off" label={t`Address`} optional rows={3} />
      </Section>
      <Section title={t`Their health`}>
        <TextArea form={form} name="allergies" label={t`Allergies`} optional rows={2} />
        <TextArea form={form} name="conditions" label={t`Medical conditions`} optional rows={2} />
        <TextArea form={form} name="medication" label={t`Medication`} optional rows={2} />
      </Section>
      <Section title={t`Insurance`}>
        <TextField
          form={form}
          name="insurance_provider"
          autoComplete="off"
          label={t`Insurance company`}
          optional
        />
        <TextField form={form} name="insurance_number" autoComplete="off" label={t`Policy number`} optional />
      </Section>
    </>
  );
}
