/** The app's names for the generated types of the API. */
export type {
  BookedVisit,
  Booking,
  Dependant,
  Doctor,
  Feed,
  Hold,
  MyData,
  NewFeed,
  OpenSlot as Slot,
  PatientProfile,
  Place,
  Profile as User,
  Question,
  ScheduledSlot as Appointment,
  Specialty,
  UserSession,
  VisitType,
  WaitlistEntry,
} from '@/gen';

import type { Clinic as GeneratedClinic } from '@/gen';

/** `locale` is BCP 47: "en-GB" or "en-US". Older servers do not send it. */
export type Clinic = GeneratedClinic & { locale?: string };

export interface Page<T> {
  count: number;
  next?: string | null;
  previous?: string | null;
  results: T[];
}
