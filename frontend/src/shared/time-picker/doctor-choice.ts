import type { Doctor } from '@/shared/api/types';

/** Times of one doctor, or of any doctor of a specialty (its code). */
export type DoctorChoice = { doctor: Doctor } | { specialty: string | undefined };

/** The choice as parameters for the open slots. */
export const openSlotsParams = (choice: DoctorChoice) =>
  'doctor' in choice ? { doctor: choice.doctor.id } : { any_doctor: true, specialty: choice.specialty };

/** The choice as a target for the waiting list. */
export const waitingListTarget = (choice: DoctorChoice) =>
  'doctor' in choice ? { doctor: choice.doctor.id } : { specialty: choice.specialty };
