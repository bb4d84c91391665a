import type { OpenSlot } from '@/gen';

/** The one place that knows how the generated document names the API's objects. */
export type {
  BookedVisit,
  Booking,
  Clinic,
  Dependant,
  Doctor,
  Feed,
  Hold,
  MyData,
  NewFeed,
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

/** A bookable time; among alternatives of several doctors it names its own. */
export type Slot = OpenSlot & { doctor_name?: string };

export interface Page<T> {
  count: number;
  next?: string | null;
  previous?: string | null;
  results: T[];
}
