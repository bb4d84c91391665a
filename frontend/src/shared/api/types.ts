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

export interface Page<T> {
  count: number;
  next?: string | null;
  previous?: string | null;
  results: T[];
}
