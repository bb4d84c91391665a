import { t } from '@lingui/core/macro';
import * as z from 'zod/mini';
import type { PatientProfile, User } from '@/shared/api/types';
import { optional, required } from '@/shared/forms/rules';

export const profileSchema = () =>
  z.object({
    first_name: required(t`Enter your first name`),
    last_name: required(t`Enter your last name`),
    phone: optional(),
    date_of_birth: optional(),
    address: optional(),
    allergies: optional(),
    conditions: optional(),
    medication: optional(),
    emergency_contact_name: optional(),
    emergency_contact_phone: optional(),
    insurance_provider: optional(),
    insurance_number: optional(),
  });

export type ProfileForm = z.infer<ReturnType<typeof profileSchema>>;

/** The saved details of a patient as a form shows them: what is not known is empty. */
export function toForm({ first_name, last_name, phone, profile }: User): ProfileForm {
  const known = (profile ?? {}) as Partial<PatientProfile>;
  return {
    first_name,
    last_name,
    phone,
    date_of_birth: known.date_of_birth ?? '',
    address: known.address ?? '',
    allergies: known.allergies ?? '',
    conditions: known.conditions ?? '',
    medication: known.medication ?? '',
    emergency_contact_name: known.emergency_contact_name ?? '',
    emergency_contact_phone: known.emergency_contact_phone ?? '',
    insurance_provider: known.insurance_provider ?? '',
    insurance_number: known.insurance_number ?? '',
  };
}
