import { t } from '@lingui/core/macro';
import * as z from 'zod/mini';
import type { Dependant } from '@/shared/api/types';
import { optional, required } from '@/shared/forms/rules';

export const personSchema = () =>
  z.object({
    first_name: required(t`Enter their first name`),
    last_name: required(t`Enter their last name`),
    date_of_birth: optional(),
    phone: optional(),
    address: optional(),
    allergies: optional(),
    conditions: optional(),
    medication: optional(),
    insurance_provider: optional(),
    insurance_number: optional(),
  });

export type PersonForm = z.infer<ReturnType<typeof personSchema>>;

/** Returns a dependant's details as form values. All are empty for a new dependant. */
export const toForm = (known?: Dependant): PersonForm => ({
  first_name: known?.first_name ?? '',
  last_name: known?.last_name ?? '',
  date_of_birth: known?.date_of_birth ?? '',
  phone: known?.phone_display ?? '',
  address: known?.address ?? '',
  allergies: known?.allergies ?? '',
  conditions: known?.conditions ?? '',
  medication: known?.medication ?? '',
  insurance_provider: known?.insurance_provider ?? '',
  insurance_number: known?.insurance_number ?? '',
});
