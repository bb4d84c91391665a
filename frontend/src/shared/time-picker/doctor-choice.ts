import type { Doctor } from '@/shared/api/types';

/** Times of one doctor, of any doctor of a specialty (its code), or of several doctors side by side. */
export type DoctorChoice =
  | { doctor: Doctor }
  | { specialty: string | undefined }
  | { specialty: string | undefined; doctors: Doctor[] };

/** The choice as parameters for the open slots. */
export function openSlotsParams(choice: DoctorChoice) {
  if ('doctor' in choice) return { doctor: choice.doctor.id };
  if ('doctors' in choice) return { doctors: choice.doctors.map(({ id }) => id).join(',') };
  return { any_doctor: true, specialty: choice.specialty };
}

/** The choice as a target for the waiting list. */
export const waitingListTarget = (choice: DoctorChoice) =>
  'doctor' in choice ? { doctor: choice.doctor.id } : { specialty: choice.specialty };
