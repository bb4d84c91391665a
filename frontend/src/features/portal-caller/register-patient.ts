import { useMutation } from '@tanstack/react-query';
import { portalPatientsCreate } from '@/gen/portal.gen';
import { isApiError } from '@/shared/api/api-error';
import { unwrap } from '@/shared/api/client';
import type { FoundPatient } from '@/shared/api/types';

export interface NewPatient {
  first_name: string;
  last_name: string;
  date_of_birth: string;
  phone: string;
  email: string;
}

interface Registration {
  person: NewPatient;
  /** Whether to register the patient even if there are similar ones. */
  duplicateOk: boolean;
}

export function useRegisterPatient() {
  return useMutation({
    mutationFn: ({ person, duplicateOk }: Registration) => {
      const { date_of_birth, ...rest } = person;
      const body = { ...rest, ...(date_of_birth && { date_of_birth }), duplicate_ok: duplicateOk };
      return unwrap(portalPatientsCreate({ body }));
    },
  });
}

/** The similar patients in an error response; empty for other errors. */
export function duplicatesIn(error: unknown): FoundPatient[] {
  if (!isApiError(error, 'possible_duplicates')) return [];
  return (error.data as { patients: FoundPatient[] }).patients;
}
