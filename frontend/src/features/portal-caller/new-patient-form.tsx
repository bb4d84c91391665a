import { Trans, useLingui } from '@lingui/react/macro';
import { useEffect, useRef, useState } from 'react';
import * as z from 'zod/mini';
import type { FoundPatient } from '@/shared/api/types';
import { ErrorSummary } from '@/shared/forms/error-summary';
import { TextField } from '@/shared/forms/field';
import { optional, required } from '@/shared/forms/rules';
import { SubmitButton } from '@/shared/forms/submit-button';
import { useApiForm } from '@/shared/forms/use-api-form';
import { PatientLine } from '@/shared/staff/patient-combobox';
import { dateExample, parseBirthDate } from './birth-date';
import { duplicatesIn, type NewPatient, useRegisterPatient } from './register-patient';

interface NewPatientFormProps {
  /** The text of the patient search. */
  text: string;
  onDone: (patient: FoundPatient) => void;
  onCancel: () => void;
}

/** Registers a patient with the fewest fields. If there are similar patients, it lists them first. */
export function NewPatientForm({ text, onDone, onCancel }: NewPatientFormProps) {
  const { t } = useLingui();
  const register = useRegisterPatient();
  const [duplicates, setDuplicates] = useState<FoundPatient[]>([]);
  const confirmed = useRef(false);
  const box = useRef<HTMLDivElement>(null);
  const { form, submit } = useApiForm<NewPatient>({
    schema: () =>
      z.object({
        first_name: required(t`Enter the first name`),
        last_name: required(t`Enter the last name`),
        date_of_birth: z
          .string()
          .check(
            z.refine(
              (text) => text.trim() === '' || parseBirthDate(text) !== null,
              t`Enter the date of birth as day, month and year`,
            ),
          ),
        phone: optional(),
        email: optional(),
      }),
    defaults: typedDetails(text),
    save: async (person) => {
      try {
        const date_of_birth = parseBirthDate(person.date_of_birth) ?? '';
        onDone(
          await register.mutateAsync({
            person: { ...person, date_of_birth },
            duplicateOk: confirmed.current,
          }),
        );
      } catch (error) {
        const found = duplicatesIn(error);
        if (found.length === 0) throw error;
        setDuplicates(found);
      }
    },
  });
  useEffect(() => {
    const empty = ['first_name', 'last_name', 'date_of_birth'].find(
      (name) => !form.getValues()[name as 'phone'],
    );
    document.getElementById(empty ?? 'phone')?.focus();
  }, [form]);
  useEffect(() => {
    if (duplicates.length > 0) box.current?.focus();
  }, [duplicates]);
  const confirm = () => {
    confirmed.current = true;
    submit();
  };
  return (
    <form
      onSubmit={(event) => {
        event.stopPropagation();
        confirmed.current = false;
        submit(event);
      }}
      noValidate
      className="new-patient"
      aria-label={t`New patient`}
    >
      <ErrorSummary state={form.formState} />
      <div className="new-patient-fields">
        <TextField form={form} name="first_name" autoComplete="off" label={t`First name`} />
        <TextField form={form} name="last_name" autoComplete="off" label={t`Last name`} />
        <TextField
          form={form}
          name="date_of_birth"
          inputMode="numeric"
          autoComplete="off"
          label={t`Date of birth`}
          hint={t`For example ${dateExample()}`}
        />
        <TextField form={form} name="phone" type="tel" autoComplete="off" label={t`Phone number`} />
        <TextField
          form={form}
          name="email"
          type="email"
          autoComplete="off"
          label={t`Email address`}
          optional
        />
      </div>
      {duplicates.length > 0 && (
        <div ref={box} tabIndex={-1} role="alert" className="notice notice-warning duplicates">
          <p>
            <Trans>Is it one of these patients?</Trans>
          </p>
          <ul>
            {duplicates.map((patient) => (
              <li key={patient.id}>
                <button type="button" className="duplicate" onClick={() => onDone(patient)}>
                  <PatientLine patient={patient} />
                </button>
              </li>
            ))}
          </ul>
          <button type="button" className="btn btn-outline-primary" onClick={confirm}>
            <Trans>No, register a new patient</Trans>
          </button>
        </div>
      )}
      <div className="actions mb-0">
        <SubmitButton busy={register.isPending} busyLabel={<Trans>Registering…</Trans>}>
          <Trans>Register</Trans>
        </SubmitButton>
        <button type="button" className="btn btn-outline-primary btn-lg" onClick={onCancel}>
          <Trans>Cancel</Trans>
        </button>
      </div>
    </form>
  );
}

/** Fills in the form from the text of the search: an email address, a telephone number or a name. */
function typedDetails(text: string): NewPatient {
  const nothing = { first_name: '', last_name: '', date_of_birth: '', phone: '', email: '' };
  if (text.includes('@')) return { ...nothing, email: text };
  if (/^[\d\s()+.-]{7,}$/.test(text)) return { ...nothing, phone: text };
  const words = text.split(/\s+/).filter((word) => word && !/\d/.test(word));
  const [first = '', ...others] = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return { ...nothing, first_name: first, last_name: others.join(' ') };
}
