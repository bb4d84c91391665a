import type { Doctor } from '@/shared/api/types';

/** Whose times are shown: a doctor's, or each time of any doctor, of a specialty (its code) where there is one. */
export type Whose = { doctor: Doctor } | { specialty: string | undefined };

/** The same as a query for open times. */
export const timesOf = (whose: Whose) =>
  'doctor' in whose ? { doctor: whose.doctor.id } : { any_doctor: true, specialty: whose.specialty };

/** What somebody can wait for whom none of the times suits. */
export const wishOf = (whose: Whose) =>
  'doctor' in whose ? { doctor: whose.doctor.id } : { specialty: whose.specialty };
