import { Trans, useLingui } from '@lingui/react/macro';
import * as z from 'zod/mini';
import type { PatientRecord } from '@/gen';
import { ErrorSummary } from '@/shared/forms/error-summary';
import { TextField } from '@/shared/forms/field';
import { optional, required } from '@/shared/forms/rules';
import { SubmitButton } from '@/shared/forms/submit-button';
import { useApiForm } from '@/shared/forms/use-api-form';
import { useAnnounce } from '@/shared/staff/announcements';
import { useChangeContact } from './patients';

/** A form for the fields of a patient's record that the front desk may change. */
export function ContactForm({ record, close }: { record: PatientRecord; close: () => void }) {
  const { t } = useLingui();
  const change = useChangeContact(record.id);
  const announce = useAnnounce();
  const leave = () => {
    close();
    document.getElementById('contact')?.focus();
  };
  const { form, submit } = useApiForm({
    schema: () =>
      z.object({
        first_name: required(t`Enter the first name`),
        last_name: required(t`Enter the last name`),
        date_of_birth: optional(),
        phone: optional(),
      }),
    defaults: {
      first_name: record.first_name,
      last_name: record.last_name,
      date_of_birth: record.date_of_birth ?? '',
      phone: record.phone ?? '',
    },
    save: async ({ date_of_birth, ...values }) => {
      await change.mutateAsync({ ...values, date_of_birth: date_of_birth || null });
      announce({ text: t`Contact details saved` });
      leave();
    },
  });
  return (
    <form onSubmit={submit} noValidate>
      <ErrorSummary state={form.formState} />
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
      <TextField form={form} name="phone" type="tel" autoComplete="off" label={t`Phone`} optional />
      <p className="form-text">
        <Trans>Only the patient can change the email address of their account.</Trans>
      </p>
      <div className="d-flex flex-wrap gap-2">
        <SubmitButton busy={form.formState.isSubmitting} busyLabel={t`Saving…`}>
          <Trans>Save</Trans>
        </SubmitButton>
        <button type="button" className="btn btn-outline-primary" onClick={leave}>
          <Trans>Cancel</Trans>
        </button>
      </div>
    </form>
  );
}
