import { Trans, useLingui } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import type { UseFormReturn } from 'react-hook-form';
import { Link } from 'react-router';
import { Choice } from '@/shared/forms/choice';
import { TextArea, TextField } from '@/shared/forms/field';
import { LanguageField } from './language-field';
import { PendingEmail } from './pending-email';
import type { ProfileForm } from './profile-form';
import { TimeZoneField } from './time-zone-field';

interface SectionProps {
  form: UseFormReturn<ProfileForm>;
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset className="form-section">
      <legend>{title}</legend>
      {children}
    </fieldset>
  );
}

export function PersonalFields({ form }: SectionProps) {
  const { t } = useLingui();
  return (
    <Section title={t`About you`}>
      <TextField form={form} name="first_name" autoComplete="given-name" label={t`First name`} />
      <TextField form={form} name="last_name" autoComplete="family-name" label={t`Last name`} />
      <TextField
        form={form}
        name="date_of_birth"
        type="date"
        autoComplete="bday"
        className="w-auto"
        label={t`Date of birth`}
        optional
      />
    </Section>
  );
}

export function ContactFields({
  form,
  email,
  confirmed,
  hasTexts,
}: SectionProps & { email: string; confirmed: boolean; hasTexts: boolean }) {
  const { t } = useLingui();
  return (
    <Section title={t`Contact details`}>
      <p>
        <Trans>
          Email: <strong className="text-break">{email}</strong>
        </Trans>{' '}
        {confirmed ? <Trans>(confirmed)</Trans> : <Trans>(not confirmed yet)</Trans>}{' '}
        <Link to="/profile/email">
          <Trans>
            Change<span className="visually-hidden"> your email address</span>
          </Trans>
        </Link>
      </p>
      <PendingEmail />
      <TextField form={form} name="phone" type="tel" autoComplete="tel" label={t`Phone number`} optional />
      {hasTexts && <TextsField form={form} />}
      <TextArea
        form={form}
        name="address"
        label={t`Address`}
        autoComplete="street-address"
        optional
        rows={3}
      />
      <LanguageField form={form} />
      <TimeZoneField form={form} />
    </Section>
  );
}

/** Whether the patient agrees to text messages. Shown if the clinic sends them. */
function TextsField({ form }: SectionProps) {
  const error = form.formState.errors.sms_consent?.message;
  return (
    <div className={error ? 'field field-invalid' : 'field'}>
      {error && (
        <p id="sms_consent-error" className="field-error">
          {error}
        </p>
      )}
      <Choice
        type="checkbox"
        id="sms_consent"
        aria-describedby={error ? 'sms_consent-error' : undefined}
        {...form.register('sms_consent')}
      >
        <Trans>Send text messages about my appointments to this number</Trans>
      </Choice>
    </div>
  );
}

export function MedicalFields({ form }: SectionProps) {
  const { t } = useLingui();
  return (
    <Section title={t`Your health`}>
      <TextArea form={form} name="allergies" label={t`Allergies`} optional rows={2} />
      <TextArea form={form} name="conditions" label={t`Medical conditions`} optional rows={2} />
      <TextArea form={form} name="medication" label={t`Medication`} optional rows={2} />
    </Section>
  );
}

export function EmergencyFields({ form }: SectionProps) {
  const { t } = useLingui();
  return (
    <Section title={t`Emergency contact`}>
      <TextField
        form={form}
        name="emergency_contact_name"
        autoComplete="off"
        label={t`Contact’s name`}
        optional
      />
      <TextField
        form={form}
        name="emergency_contact_phone"
        type="tel"
        autoComplete="off"
        label={t`Contact’s phone number`}
        optional
      />
    </Section>
  );
}

export function InsuranceFields({ form }: SectionProps) {
  const { t } = useLingui();
  return (
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
  );
}
