import { useLingui } from '@lingui/react/macro';
import type { UseFormReturn } from 'react-hook-form';
import { useClinic } from '@/shared/clinic/clinic-context';
import { SelectField } from '@/shared/forms/field';
import type { ProfileForm } from './profile-form';

/** The language of pages and messages. Shown if the clinic offers several. */
export function LanguageField({ form }: { form: UseFormReturn<ProfileForm> }) {
  const { t } = useLingui();
  const { patient_languages } = useClinic();
  if (patient_languages.length === 1) return null;
  return (
    <SelectField
      form={form}
      name="language"
      label={t`Language`}
      hint={t`We use it on this website and in our messages to you.`}
    >
      {patient_languages.map(({ code, name }) => (
        <option key={code} value={code} lang={code}>
          {name}
        </option>
      ))}
    </SelectField>
  );
}
