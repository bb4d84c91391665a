import { t } from '@lingui/core/macro';
import * as z from 'zod/mini';
import type { PatientProfile, User } from '@/shared/api/types';
import { optional, required } from '@/shared/forms/rules';

export const profileSchema = () =>
  z.object({
    first_name: required(t`Enter your first name`),
    last_name: required(t`Enter your last name`),
    phone: optional(),
    sms_consent: z.boolean(),
    language: z.string(),
    date_of_birth: optional(),
    address: optional(),
    time_zone: optional(),
    allergies: optional(),
    conditions: optional(),
    medication: optional(),
    emergency_contact_name: optional(),
    emergency_contact_phone: optional(),
    insurance_provider: optional(),
    insurance_number: optional(),
  });

export type ProfileForm = z.infer<ReturnType<typeof profileSchema>>;

/**
 * Returns the patient's saved details as form values. Missing details are empty strings.
 *
 * @param language that of the page, for a patient who has not chosen one; empty if there is no choice
 */
export function toForm(
  { first_name, last_name, phone_display, sms_consent, profile, ...user }: User,
  language: string,
): ProfileForm {
  const saved = (profile ?? {}) as Partial<PatientProfile>;
  return {
    first_name,
    last_name,
    phone: phone_display,
    sms_consent,
    language: language && (user.language || language),
    date_of_birth: saved.date_of_birth ?? '',
    address: saved.address ?? '',
    time_zone: saved.time_zone ?? '',
    allergies: saved.allergies ?? '',
    conditions: saved.conditions ?? '',
    medication: saved.medication ?? '',
    emergency_contact_name: saved.emergency_contact_name ?? '',
    emergency_contact_phone: saved.emergency_contact_phone_display ?? '',
    insurance_provider: saved.insurance_provider ?? '',
    insurance_number: saved.insurance_number ?? '',
  };
}
