import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { Dependant } from '@/shared/api/types';
import { Choice } from '@/shared/forms/choice';
import { dependantsQuery } from '@/shared/session/dependants';
import { useUser } from '@/shared/session/get-user';
import { readBookingDraft, saveBookingDraft } from './booking-draft';

export const PATIENT_FIELD = 'patient';
export const ME = 'me';

/** The user's dependants; empty while loading. */
export function useDependants(): Dependant[] {
  const { data: user } = useUser();
  const { data } = useQuery({ ...dependantsQuery(), enabled: user?.role === 'patient' });
  return data ?? [];
}

interface PatientFieldProps {
  dependants: Dependant[];
  error: string | undefined;
  /** The URL of this step, to return to. */
  stepPath: string;
}

/** Radio buttons for the patient. Nothing is preselected. */
export function PatientField({ dependants, error, stepPath }: PatientFieldProps) {
  const { t } = useLingui();
  const { patient } = readBookingDraft();
  const chosen = patient === undefined ? null : (patient ?? ME);
  const choice = (value: string) => ({
    name: PATIENT_FIELD,
    value,
    defaultChecked: chosen === value,
    onChange: () => saveBookingDraft({ patient: value === ME ? null : value }),
  });
  const describedBy = error ? `${PATIENT_FIELD}-error` : undefined;
  return (
    <fieldset className={error ? 'field field-invalid' : 'field'} aria-describedby={describedBy}>
      <legend>
        <Trans>Who is the appointment for?</Trans>
      </legend>
      {error && (
        <p id={`${PATIENT_FIELD}-error`} className="field-error">
          {error}
        </p>
      )}
      <Choice id={PATIENT_FIELD} {...choice(ME)}>
        {t`Me`}
      </Choice>
      {dependants.map(({ id, name }) => (
        <Choice key={id} id={`${PATIENT_FIELD}-${id}`} {...choice(id)}>
          {name}
        </Choice>
      ))}
      <Link className="change-link" to={`/profile/people/new?next=${encodeURIComponent(stepPath)}`}>
        <Trans>Add someone you care for</Trans>
      </Link>
    </fieldset>
  );
}
