/** The app's names for the generated types of the API. */
export type {
  AnsweredQuestion,
  BookedVisit,
  Booking,
  Choices,
  Clinic,
  Dependant,
  Doctor,
  DoctorChoice,
  Feed,
  FreeTime,
  Hold,
  NewFeed,
  OpenSlot as Slot,
  Patient as FoundPatient,
  PatientProfile,
  PendingEmailChange,
  Place,
  PortalWaitlistEntry,
  PreferenceField as MessagePreference,
  Profile as User,
  Question,
  ScheduledSlot as Appointment,
  Specialty,
  SpokenBooking,
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
