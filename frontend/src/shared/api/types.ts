/** The app's names for the generated types of the API. */
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
  PreferenceField as MessagePreference,
  Profile as User,
  Question,
  ScheduledSlot as Appointment,
  Specialty,
  StaffNotices,
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
